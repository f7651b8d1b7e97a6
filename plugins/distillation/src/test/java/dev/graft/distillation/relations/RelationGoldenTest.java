package dev.graft.distillation.relations;

import static dev.graft.distillation.LossCase.TOLERANCE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.distillation.Compare;
import dev.graft.distillation.LossCase;
import dev.graft.layers.Linear;
import dev.graft.layers.Sequential;
import dev.graft.tensor.DType;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses on relations against mdistiller and RepDistiller, losses and gradients within 1e-9. */
class RelationGoldenTest {

  @TestFactory
  Stream<DynamicTest> relations() {
    return GoldenFolder.of("distillation").tests(RelationGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) {
    Comparison comparison = new Comparison(TOLERANCE);
    LossCase values = new LossCase(golden, comparison);
    try (Scope scope = Scope.open()) {
      if (golden.name().startsWith("rkd")) {
        relational(values);
      } else if (golden.name().equals("correlation_congruence")) {
        congruence(values);
      } else if (golden.name().equals("crd")) {
        contrast(values, comparison, golden.json().path("expected"));
      } else {
        return GoldenOutcome.notBuilt("not a matter of relations");
      }
    }
    return comparison.outcome();
  }

  private static void relational(LossCase values) {
    Tensor student = values.leaf("student");
    Tensor teacher = values.input("teacher");
    Tensor loss =
        RelationLosses.distances(student, teacher)
            .mul(values.parameter("distance_weight"))
            .add(RelationLosses.angles(student, teacher).mul(values.parameter("angle_weight")));
    values.compare("loss", loss, List.of("student"), List.of(student));
  }

  private static void congruence(LossCase values) {
    Tensor student = values.leaf("student");
    Tensor loss = RelationLosses.congruence(student, values.input("teacher"));
    values.compare("loss", loss, List.of("student"), List.of(student));
  }

  /** Two calls with the same features: the second meets the memory that the first one moved. */
  private static void contrast(LossCase values, Comparison comparison, JsonNode expected) {
    Sequential ours = new Sequential().add("linear", new Linear(5, 8));
    Sequential theirs = new Sequential().add("linear", new Linear(7, 8));
    values.fill("crd.embed_s", ours);
    values.fill("crd.embed_t", theirs);
    ContrastMemory memory =
        new ContrastMemory(20, 8, values.parameter("T"), values.parameter("momentum"));
    Map<String, Tensor> state = memory.state();
    state.get("student_memory").replaceData(values.input("memory_v1"));
    state.get("teacher_memory").replaceData(values.input("memory_v2"));
    try {
      for (int call = 1; call <= 2; call++) {
        Tensor student = values.leaf("student");
        Tensor teacher = values.leaf("teacher");
        Tensor loss =
            memory.loss(
                Compare.unit(ours.apply(student), 1),
                Compare.unit(theirs.apply(teacher), 1),
                values.longs("index"),
                values.longs("contrast_idx"));
        values.compare(
            "loss_call_" + call, loss, List.of("student", "teacher"), List.of(student, teacher));
        if (call == 1) {
          double[] constants = LossCase.doubles(state.get("constants"));
          comparison.number("Z_v1", expected.path("Z_v1").asDouble(), constants[0]);
          comparison.number("Z_v2", expected.path("Z_v2").asDouble(), constants[1]);
          row(comparison, expected, "memory_v1", state.get("student_memory"));
          row(comparison, expected, "memory_v2", state.get("teacher_memory"));
        }
      }
    } finally {
      state.values().forEach(Tensor::close);
      ours.close();
      theirs.close();
    }
  }

  private static void row(Comparison comparison, JsonNode expected, String name, Tensor memory) {
    double[] row = LossCase.doubles(memory.select(0, 3).to(DType.FLOAT64));
    comparison.tensor(name, expected.path(name + "_row_3_after_call_1"), row);
  }
}
