package dev.graft.train;

import dev.graft.data.Batching;
import dev.graft.data.Dataset;
import dev.graft.data.EvalTransform;
import dev.graft.data.ExampleReader;
import dev.graft.data.Preprocessing;
import dev.graft.data.TrainTransform;
import dev.graft.model.HeadInput;
import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.plan.Regime;
import dev.graft.plan.Stream;
import dev.graft.spi.Sampler;
import dev.graft.task.Task;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The batches of a phase: order, augmentation, frozen prefix and feature cache. The order and the
 * augmentation of a batch follow from the seed, the phase, the epoch and the position alone, so
 * that a resumed run sees what an uninterrupted one sees.
 */
final class Inputs implements AutoCloseable {

  private final RunContext context;
  private final Phase phase;
  private final int phaseIndex;
  private final Map<String, Feed> evaluationFeeds = new LinkedHashMap<>();
  private final Map<Integer, Pass> passes = new LinkedHashMap<>();
  private int cut;
  private FrozenPrefix prefix;
  private Features features;
  private Optional<Mixing> mixing = Optional.empty();

  Inputs(RunContext context, Phase phase, int cut) {
    this.context = context;
    this.phase = phase;
    this.phaseIndex = context.job().plan().phases().indexOf(phase);
    this.cut = cut;
    Stream first = phase.streams().get(0);
    boolean mixes = phase.regime().mixup() > 0 || phase.regime().cutmix() > 0;
    if (mixes && first.views().size() > 1) {
      throw new IllegalArgumentException(
          "phase '%s' mixes examples and asks for the views %s of each; mixup and cutmix need one view"
              .formatted(phase.name(), first.views()));
    }
    if (mixes && !context.task().classifies()) {
      throw new IllegalArgumentException(
          "phase '%s' mixes examples, which needs one class for each; the task is %s: switch mixup and cutmix off"
              .formatted(phase.name(), context.task().id()));
    }
  }

  /**
   * Builds the frozen prefix in front of the final cut.
   *
   * @param needInputs whether a term reads the model's inputs, which no cache keeps
   */
  void prepare(int finalCut, boolean needInputs) {
    cut = finalCut;
    if (cut == 0) {
      return;
    }
    boolean scratch = context.job().plan().fromScratch();
    Model twin = scratch ? context.job().base().random() : context.job().base().pretrained();
    takeHead(twin);
    if (!FrozenPrefix.fits(context.model(), twin, cut)) {
      twin.close();
      context.note("the frozen groups were changed by surgery and run as they are");
      cut = 0;
      return;
    }
    prefix =
        new FrozenPrefix(context.model(), twin, cut, context.job().options().prefixPrecision())
            .carrying(context.task().reads());
    if (context.job().options().cacheFeatures() && !needInputs && cacheable()) {
      features = new Features(context.model(), prefix, context.job());
    }
  }

  /**
   * What stands between the last block and the head may come and go with it: where the tensors
   * differ, the twin gets a head as the model has it.
   */
  private void takeHead(Model twin) {
    if (FrozenPrefix.fits(context.model(), twin, cut)) {
      return;
    }
    HostTensor random = RandomState.save();
    context.task().putHeadOn(twin);
    RandomState.restore(random);
  }

  /**
   * Rows of a cache have one shape: where examples differ in length, only one vector per example,
   * which is what a head reads, can be kept, and nothing that the task reads beside it.
   */
  private boolean cacheable() {
    Task task = context.task();
    boolean beforeHead = cut == context.model().groups().size() - 1;
    boolean vectors = task.headInput() == HeadInput.EXAMPLE && task.reads().isEmpty();
    boolean can = context.job().preprocessing().uniform() || (beforeHead && vectors);
    if (!can) {
      context.note("examples differ in length, so the features of frozen groups are not cached");
    }
    return can;
  }

  /** Number of groups that run without gradients. */
  int cut() {
    return cut;
  }

  /** The deterministic path of an example. */
  ExampleReader.Preparation evaluation() {
    EvalTransform transform = context.job().preprocessing().evalTransform();
    return (example, index) -> transform.apply(example);
  }

  /** Batches of a data set on the deterministic path, from the feature cache where there is one. */
  Feed evaluationFeed(String data) {
    return evaluationFeeds.computeIfAbsent(data, name -> feed(name, features != null));
  }

  private Feed feed(String name, boolean cached) {
    Dataset data = context.data(name);
    FeatureCache cache = cached ? features.of(name, data, context.reader()) : null;
    return new Feed(data, cache, prefix, context.job().preprocessing(), context.reader());
  }

  private Feed trainingFeed(Stream stream) {
    boolean fixed = stream.fixed() && phase.regime().mixup() == 0 && phase.regime().cutmix() == 0;
    return fixed ? evaluationFeed(stream.data()) : feed(stream.data(), false);
  }

  /** Number of batches of the first stream in an epoch; a last batch of one example is left out. */
  int batchesPerEpoch() {
    Stream first = phase.streams().get(0);
    return batchCount(context.data(first.data()).size(), first.batchSize());
  }

  private static int batchCount(int size, int batchSize) {
    int full = size / batchSize;
    int rest = size % batchSize;
    return rest > 1 || full == 0 ? full + 1 : full;
  }

  /** An epoch that is being read: one batch of every stream per turn. */
  interface Epoch {

    /** True if there is another turn. */
    boolean hasNext();

    /** One batch per stream, in the caller's scope; null if nothing in it could be read. */
    List<Feed.Loaded> next();
  }

  /** The batches of an epoch from a batch on. */
  Epoch epoch(int epoch, int fromBatch) {
    int count = batchesPerEpoch();
    List<Feed.Batches> sources = new ArrayList<>();
    for (int s = 0; s < phase.streams().size(); s++) {
      Stream stream = phase.streams().get(s);
      List<int[]> positions = new ArrayList<>();
      for (int batch = fromBatch; batch < count; batch++) {
        positions.add(positions(s, stream, (long) epoch * count + batch));
      }
      sources.add(trainingFeed(stream).batches(positions, views(stream, s, epoch)));
    }
    return new Epoch() {
      @Override
      public boolean hasNext() {
        return sources.get(0).hasNext();
      }

      @Override
      public List<Feed.Loaded> next() {
        List<Feed.Loaded> batch = new ArrayList<>();
        sources.forEach(source -> batch.add(source.next()));
        return batch.contains(null) ? null : mixed(batch);
      }
    };
  }

  /** Positions of the {@code global}-th batch of a stream, counted from the start of the phase. */
  private int[] positions(int streamIndex, Stream stream, long global) {
    int size = context.data(stream.data()).size();
    int perEpoch = batchCount(size, stream.batchSize());
    int[] order = order(stream, streamIndex, global / perEpoch);
    int start = (int) (global % perEpoch) * stream.batchSize();
    return Arrays.copyOfRange(order, start, Math.min(size, start + stream.batchSize()));
  }

  /** The order of one pass over a stream's data; the newest of each stream is kept. */
  private int[] order(Stream stream, int streamIndex, long pass) {
    Pass newest = passes.get(streamIndex);
    if (newest == null || newest.number != pass) {
      Dataset data = context.data(stream.data());
      Sampler sampler = context.registry().get(Sampler.class, stream.sampler().id());
      RandomGenerator random =
          Seeds.generator(context.job().plan().seed(), phaseIndex, streamIndex, pass);
      int[] order =
          sampler.order(
              IntStream.range(0, data.size()).mapToDouble(data::target).toArray(),
              stream.sampler().settings().checked(sampler.about().id(), sampler.settings()),
              random);
      newest = new Pass(pass, Batching.forTraining(data, order, stream.batchSize(), random));
      passes.put(streamIndex, newest);
    }
    return newest.order;
  }

  private record Pass(long number, int[] order) {}

  private List<ExampleReader.Preparation> views(Stream stream, int streamIndex, int epoch) {
    List<ExampleReader.Preparation> views = new ArrayList<>();
    for (String view : stream.views()) {
      if (view.equals(Stream.REPEAT)) {
        views.add(views.get(views.size() - 1));
      } else if (view.equals(Stream.NONE)) {
        views.add(evaluation());
      } else {
        TrainTransform transform = context.job().preprocessing().trainTransform(view);
        long seed =
            Seeds.derive(
                context.job().plan().seed(), phaseIndex, streamIndex, epoch, 1 + views.size());
        views.add((example, index) -> transform.apply(example, Seeds.generator(seed, index)));
      }
    }
    return views;
  }

  private List<Feed.Loaded> mixed(List<Feed.Loaded> batch) {
    Regime regime = phase.regime();
    if (regime.mixup() == 0 && regime.cutmix() == 0) {
      mixing = Optional.empty();
      return batch;
    }
    Feed.Loaded first = batch.get(0);
    long seed =
        Seeds.derive(context.job().plan().seed(), phaseIndex, context.progress().phaseUpdates, 2);
    Mixing mix = Mixing.draw(regime, first.indices().length, Seeds.generator(seed));
    mixing = Optional.of(mix);
    NamedTensors inputs = mix.inputs(first.inputs());
    List<Feed.Loaded> result = new ArrayList<>(batch);
    NamedTensors state = prefix == null ? inputs : prefix.apply(inputs);
    result.set(0, new Feed.Loaded(first.indices(), first.views(), inputs, state));
    return result;
  }

  /** Targets of a batch of a stream; empty where its examples have none. */
  NamedTensors targets(int stream, Feed.Loaded loaded) {
    Dataset data = context.data(phase.streams().get(stream).data());
    double[][] known = data.targetRows(loaded.indices());
    if (Arrays.stream(known).flatMapToDouble(Arrays::stream).anyMatch(Double::isNaN)) {
      return NamedTensors.of(Map.of());
    }
    Task task = context.task().ofData(phase.streams().get(stream).data());
    NamedTensors targets = task.targets(known, loaded.state());
    return stream == 0 && mixing.isPresent()
        ? mixing.get().targets(targets, task.labels().size(), mixing.get().share(loaded.inputs()))
        : targets;
  }

  /**
   * The {@code part}-th of {@code parts} nearly equal micro-batches of every stream; the views of
   * an example stay together.
   */
  List<Feed.Loaded> slice(List<Feed.Loaded> batch, int part, int parts) {
    if (parts == 1) {
      return batch;
    }
    if (mixing.isPresent()) {
      throw new IllegalArgumentException(
          "mixup and cutmix mix whole batches; set accumulate to 1 or switch them off");
    }
    List<Feed.Loaded> result = new ArrayList<>();
    for (Feed.Loaded loaded : batch) {
      result.add(slice(loaded, part, parts));
    }
    return result;
  }

  private static Feed.Loaded slice(Feed.Loaded loaded, int part, int parts) {
    int examples = loaded.examples();
    int from = (int) ((long) examples * part / parts);
    int count = (int) ((long) examples * (part + 1) / parts) - from;
    int[] indices = new int[count * loaded.views()];
    Arrays.setAll(indices, row -> loaded.indices()[from + row % count]);
    return new Feed.Loaded(
        indices,
        loaded.views(),
        loaded.inputs() == null ? null : narrow(loaded.inputs(), loaded, from, count),
        narrow(loaded.state(), loaded, from, count));
  }

  private static NamedTensors narrow(
      NamedTensors tensors, Feed.Loaded loaded, int from, int count) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    tensors
        .asMap()
        .forEach(
            (name, tensor) -> {
              List<Tensor> views = new ArrayList<>();
              for (int view = 0; view < loaded.views(); view++) {
                views.add(tensor.narrow(0, (long) view * loaded.examples() + from, count));
              }
              result.put(name, views.size() == 1 ? views.get(0) : Tensor.cat(views, 0));
            });
    return NamedTensors.of(result);
  }

  /** How examples become inputs. */
  Preprocessing preprocessing() {
    return context.job().preprocessing();
  }

  @Override
  public void close() {
    if (prefix != null) {
      prefix.close();
    }
  }
}
