package dev.graft.infer;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Models over one base that read their inputs alike and do the same kind of task. Single requests
 * for any of them wait in one queue and are computed together: the shared layers once, the layers
 * in which the models differ {@linkplain MixedLayer row by row}, the heads one model after the
 * other.
 */
final class Mix implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Mix.class.getName());

  private final Model trunk;
  private final Preprocessing preprocessing;
  private final BatchQueue<Row> queue;

  /** Batches hold it for reading, who comes or goes holds it for writing. */
  private final ReadWriteLock seating = new ReentrantReadWriteLock();

  private final Map<String, MixedLayer> mixed = new LinkedHashMap<>();
  private int arrived;
  private int present;
  private volatile boolean apart;

  /** An example and the model that it is meant for. */
  private record Row(Seat seat, Example example) {}

  /**
   * Starts the queue.
   *
   * @param trunk the base with a head of the task, over shared memory; closed with this
   * @param preprocessing of all models; closed with this
   */
  Mix(Model trunk, Preprocessing preprocessing, PredictorOptions options) {
    this.trunk = trunk;
    this.preprocessing = preprocessing;
    this.queue = new BatchQueue<>(options, row -> preprocessing.bucket(row.example), this::compute);
  }

  Preprocessing preprocessing() {
    return preprocessing;
  }

  Model trunk() {
    return trunk;
  }

  /** One of the models. */
  final class Seat implements Gathering<Example> {

    private final OpenedModel opened;
    private final Map<String, Layer> layers;
    private final Runnable left;
    private int number;
    private boolean gone;

    private Seat(OpenedModel opened, Map<String, Layer> layers, Runnable left) {
      this.opened = opened;
      this.layers = layers;
      this.left = left;
    }

    @Override
    public CompletableFuture<double[]> submit(
        Example ready, Urgency urgency, Consumer<Computation> told) {
      return queue.submit(new Row(this, ready), urgency, told);
    }

    @Override
    public long batches() {
      return queue.batches();
    }

    /** Nobody who waits is told to hurry: the others' requests come along as ever. */
    @Override
    public void hurry() {}

    @Override
    public void close() {
      seating.writeLock().lock();
      try {
        gone = true;
        layers.keySet().forEach(path -> leave(path, this));
        present--;
      } finally {
        seating.writeLock().unlock();
      }
      queue.refuse(row -> row.seat == this);
      left.run();
    }
  }

  /**
   * Lets a model take part.
   *
   * @param layers those in which it differs from the trunk, by path
   * @param left is called once it has gone
   */
  Seat join(OpenedModel opened, Map<String, Layer> layers, Runnable left) {
    Seat seat = new Seat(opened, layers, left);
    seating.writeLock().lock();
    try {
      seat.number = arrived++;
      present++;
      layers.forEach((path, layer) -> place(path).put(seat, layer));
    } finally {
      seating.writeLock().unlock();
    }
    return seat;
  }

  private MixedLayer place(String path) {
    return mixed.computeIfAbsent(
        path,
        key -> {
          Child child = Modules.child(trunk.network(), key);
          MixedLayer layer = new MixedLayer(child.layer());
          child.replace(layer);
          return layer;
        });
  }

  private void leave(String path, Seat seat) {
    if (mixed.get(path).forget(seat)) {
      Modules.child(trunk.network(), path).replace(mixed.remove(path).shared());
    }
  }

  boolean isEmpty() {
    seating.readLock().lock();
    try {
      return present == 0;
    } finally {
      seating.readLock().unlock();
    }
  }

  private double[][] compute(List<Row> rows) {
    seating.readLock().lock();
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      if (rows.stream().anyMatch(row -> row.seat.gone)) {
        throw PredictorException.closed();
      }
      int[] order =
          IntStream.range(0, rows.size())
              .boxed()
              .sorted(Comparator.comparingInt(i -> rows.get(i).seat.number))
              .mapToInt(Integer::intValue)
              .toArray();
      List<Row> sorted = IntStream.of(order).mapToObj(rows::get).toList();
      List<double[]> scores = scores(sorted);
      double[][] answers = new double[rows.size()][];
      for (int i = 0; i < order.length; i++) {
        answers[order[i]] = scores.get(i);
      }
      return answers;
    } finally {
      seating.readLock().unlock();
    }
  }

  private List<double[]> scores(List<Row> rows) {
    NamedTensors inputs = preprocessing.collate(rows.stream().map(Row::example).toList());
    if (apart || rows.get(0).seat == rows.get(rows.size() - 1).seat) {
      return heads(rows, inputs, inputs, 0);
    }
    int head = trunk.groups().size() - 1;
    NamedTensors state;
    try (MixedLayer.Rows owners = MixedLayer.rows(rows.stream().map(Row::seat).toList())) {
      state = trunk.forward(inputs, 0, head);
    } catch (RuntimeException e) {
      List<double[]> scores = heads(rows, inputs, inputs, 0);
      apart = true; // the inputs are fine, so it is the mixing, and will be in every batch
      LOG.log(
          System.Logger.Level.WARNING,
          "models over {0} cannot be computed together ({1}); each is computed alone",
          trunk.spec().family(),
          e.getMessage());
      return scores;
    }
    return heads(rows, inputs, state, head);
  }

  /** The groups from one on, one model after the other. */
  private static List<double[]> heads(
      List<Row> rows, NamedTensors inputs, NamedTensors state, int from) {
    List<double[]> scores = new ArrayList<>();
    for (int begin = 0; begin < rows.size(); ) {
      Seat seat = rows.get(begin).seat;
      int end = begin;
      while (end < rows.size() && rows.get(end).seat == seat) {
        end++;
      }
      Model model = seat.opened.model();
      NamedTensors part = part(state, rows.size(), begin, end);
      NamedTensors outputs = model.forward(part, from, model.groups().size());
      NamedTensors given = part(inputs, rows.size(), begin, end);
      scores.addAll(List.of(seat.opened.task().scores(outputs, given)));
      begin = end;
    }
    return scores;
  }

  /** Some rows of everything that has rows. */
  private static NamedTensors part(NamedTensors all, int rows, int begin, int end) {
    if (end - begin == rows) {
      return all;
    }
    Map<String, Tensor> result = new LinkedHashMap<>();
    all.asMap()
        .forEach(
            (name, tensor) ->
                result.put(
                    name,
                    tensor.dim() > 0 && tensor.size(0) == rows
                        ? tensor.narrow(0, begin, end - begin)
                        : tensor));
    return NamedTensors.of(result);
  }

  @Override
  public void close() {
    queue.close();
    trunk.close();
    preprocessing.close();
  }
}
