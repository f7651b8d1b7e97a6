package dev.graft.distillation.relations;

import dev.graft.distillation.Compare;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A slowly moving embedding of every training example by the student and by the teacher. Scores are
 * taken against the other network's memory; their constants are fixed at the first batch.
 */
final class ContrastMemory {

  private final double temperature;
  private final double momentum;
  private final Tensor student;
  private final Tensor teacher;

  /** Constants of the student's and of the teacher's scores, (2); -1 before the first batch. */
  private final Tensor constants;

  /** A memory of random embeddings. */
  ContrastMemory(int examples, int dim, double temperature, double momentum) {
    this.temperature = temperature;
    this.momentum = momentum;
    double bound = 1 / Math.sqrt(dim / 3.0);
    try (Scope scope = Scope.open()) {
      student = Scope.release(Tensor.rand(examples, dim).sub(0.5).mul(2 * bound));
      teacher = Scope.release(Tensor.rand(examples, dim).sub(0.5).mul(2 * bound));
      constants = Scope.release(Tensor.full(-1, DType.FLOAT64, 2));
    }
  }

  /** Number of examples. */
  int examples() {
    return Math.toIntExact(student.size(0));
  }

  /**
   * Loss of a batch of embeddings of length 1, and the new state of the memory.
   *
   * @param ours (N, D)
   * @param theirs (N, D)
   * @param rows positions of the examples, (N), INT64
   * @param candidates each example's own position and those of others, (N, K + 1), INT64
   */
  Tensor loss(Tensor ours, Tensor theirs, Tensor rows, Tensor candidates) {
    Tensor oursAgainst = scores(ours, teacher, candidates);
    Tensor theirsAgainst = scores(theirs, student, candidates);
    Tensor loss =
        RelationLosses.contrast(oursAgainst.div(constant(0, oursAgainst)), examples())
            .add(
                RelationLosses.contrast(theirsAgainst.div(constant(1, theirsAgainst)), examples()));
    try (Autograd off = Autograd.off()) {
      move(student, ours, rows);
      move(teacher, theirs, rows);
    }
    return loss;
  }

  /** All similarities at once: cheaper than picking rows that are asked for many times. */
  private Tensor scores(Tensor embeddings, Tensor memory, Tensor candidates) {
    // The memory is written below while the graph still needs what was read.
    Tensor fixed = memory.copy();
    return embeddings.matmul(fixed.transpose(0, 1)).gather(1, candidates).div(temperature).exp();
  }

  private double constant(int which, Tensor scores) {
    Tensor known = constants.select(0, which);
    if (known.item() < 0) {
      known.fillInPlace(scores.mean().item() * examples());
    }
    return known.item();
  }

  private void move(Tensor memory, Tensor embeddings, Tensor rows) {
    Tensor moved = memory.indexSelect(0, rows).mul(momentum).add(embeddings.mul(1 - momentum));
    Tensor unit = Compare.unit(moved, 1);
    long[] positions = rows.toLongs();
    for (int i = 0; i < positions.length; i++) {
      memory.select(0, positions[i]).copyInPlace(unit.select(0, i));
    }
  }

  /** What a snapshot keeps. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("student_memory", student);
    state.put("teacher_memory", teacher);
    state.put("constants", constants);
    return state;
  }
}
