package dev.graft.distillation.relations;

import dev.graft.distillation.Compare;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.Heard;
import dev.graft.distillation.Setup;
import dev.graft.layers.Linear;
import dev.graft.layers.Module;
import dev.graft.plan.Settings;
import dev.graft.spi.Step;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Two linear embeddings and the memory of all examples. Others are drawn, with repetition, from the
 * examples of other classes; where the target is a number, from all other examples.
 */
final class ContrastLoss implements DistillationLoss {

  private final Setup setup;
  private final Settings settings;
  private final Linear ours;
  private final Linear theirs;

  /** Class of each example by position. */
  private long[] classes = {};

  private ContrastMemory memory;

  ContrastLoss(Setup setup, Settings settings) {
    this.setup = setup;
    this.settings = settings;
    int dim = settings.integer("dim");
    ours = new Linear(setup.studentChannels(0), dim);
    theirs = new Linear(setup.teacherChannels(0), dim);
  }

  @Override
  public void prepare() {
    List<long[]> found = new ArrayList<>();
    boolean labelled = setup.run().task().classifies();
    setup
        .run()
        .forEachBatch(
            setup.run().phase().streams().get(0).data(),
            step -> {
              int[] rows = step.first().indices();
              long[] labels = labelled ? step.first().targets().get("labels").toLongs() : null;
              for (int i = 0; i < rows.length; i++) {
                found.add(new long[] {rows[i], labelled ? labels[i] : rows[i]});
              }
            });
    classes = new long[found.stream().mapToInt(pair -> (int) pair[0]).max().orElse(-1) + 1];
    // An example that cannot be read is never asked for, but may be drawn: its memory is random.
    Arrays.fill(classes, -1);
    found.forEach(pair -> classes[(int) pair[0]] = pair[1]);
    memory =
        new ContrastMemory(
            classes.length,
            settings.integer("dim"),
            settings.number("temperature"),
            settings.number("momentum"));
  }

  @Override
  public Tensor of(Heard student, Heard teacher, Step.Part part) {
    int[] rows = part.indices();
    return memory.loss(
        Compare.unit(ours.apply(student.last()), 1),
        Compare.unit(theirs.apply(teacher.last()), 1),
        Tensor.of(Arrays.stream(rows).asLongStream().toArray(), rows.length),
        candidates(rows));
  }

  /** Each example and {@code negatives} others, (N, K + 1), from the default generator. */
  private Tensor candidates(int[] rows) {
    int others = Math.min(settings.integer("negatives"), Math.max(1, classes.length - 1));
    float[] draws = Tensor.rand(rows.length, others).toFloats();
    long[] candidates = new long[rows.length * (others + 1)];
    for (int i = 0; i < rows.length; i++) {
      int[] pool = pool(classes[rows[i]]);
      candidates[i * (others + 1)] = rows[i];
      for (int k = 0; k < others; k++) {
        int drawn = (int) (draws[i * others + k] * pool.length);
        candidates[i * (others + 1) + 1 + k] = pool[Math.min(drawn, pool.length - 1)];
      }
    }
    return Tensor.of(candidates, rows.length, others + 1);
  }

  /** Positions of the examples that are not of a class; all where there is no other. */
  private int[] pool(long own) {
    int[] pool =
        java.util.stream.IntStream.range(0, classes.length)
            .filter(i -> classes[i] != own)
            .toArray();
    return pool.length > 0 ? pool : java.util.stream.IntStream.range(0, classes.length).toArray();
  }

  @Override
  public Map<String, Module> parts() {
    return Map.of("student", ours, "teacher", theirs);
  }

  @Override
  public Map<String, Tensor> memory() {
    return memory == null ? Map.of() : memory.state();
  }
}
