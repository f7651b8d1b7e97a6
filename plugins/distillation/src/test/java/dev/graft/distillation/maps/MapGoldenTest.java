package dev.graft.distillation.maps;

import static dev.graft.distillation.LossCase.TOLERANCE;

import dev.graft.distillation.Compare;
import dev.graft.distillation.LossCase;
import dev.graft.layers.Activation;
import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses on feature maps against mdistiller and RepDistiller, losses and gradients within 1e-9. */
class MapGoldenTest {

  /** The library decomposes in single precision. */
  private static final double SINGLE_TOLERANCE = 1e-4;

  @TestFactory
  Stream<DynamicTest> maps() {
    return GoldenFolder.of("distillation").tests(MapGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) {
    boolean single = golden.name().startsWith("kdsvd");
    Comparison comparison = new Comparison(single ? SINGLE_TOLERANCE : TOLERANCE);
    LossCase values = new LossCase(golden, comparison);
    try (Scope scope = Scope.open()) {
      switch (golden.name()) {
        case "attention_transfer_p2" -> attention(values);
        case "ab_activation_boundary" -> boundary(values);
        case "fsp" -> flow(values);
        case "nst" -> selectivity(values);
        case "fitnet_hint" -> hint(values, "fitnet_hint", false);
        case "fitnet_hint_stride2" -> hint(values, "fitnet_hint_stride2", true);
        case "vid" -> variational(values);
        case "kdsvd_k1" ->
            comparison.number(
                "loss", golden.json().at("/expected/loss").asDouble(), singularVectors(values));
        default -> {
          return GoldenOutcome.notBuilt("not a matter of feature maps");
        }
      }
    }
    return comparison.outcome();
  }

  private static double singularVectors(LossCase values) {
    List<Tensor> student = List.of(values.input("student_0"), values.input("student_1"));
    return SingularVectors.loss(student, teachers(values), 1).item();
  }

  private static List<Tensor> teachers(LossCase values) {
    return List.of(values.input("teacher_0"), values.input("teacher_1"));
  }

  private static void attention(LossCase values) {
    List<Tensor> student = List.of(values.leaf("student_0"), values.leaf("student_1"));
    Tensor loss = MapLosses.attention(student, teachers(values), values.parameter("p"));
    values.compare("loss", loss, List.of("student_0", "student_1"), student);
  }

  private static void boundary(LossCase values) {
    for (int i = 0; i < 2; i++) {
      Tensor student = values.leaf("student_" + i);
      Tensor teacher = values.input("teacher_" + i);
      Tensor loss =
          MapLosses.boundary(student, teacher, values.parameter("margin")).mul(Math.pow(2, i - 1));
      values.compare("loss_stage_" + i, loss, List.of("student_" + i), List.of(student));
    }
  }

  private static void flow(LossCase values) {
    List<Tensor> student = List.of(values.leaf("student_0"), values.leaf("student_1"));
    Tensor loss = MapLosses.flow(student, teachers(values));
    values.compare("loss", loss, List.of("student_0", "student_1"), student);
  }

  private static void selectivity(LossCase values) {
    Tensor student = values.leaf("student");
    Tensor loss = MapLosses.neuronSelectivity(List.of(student), List.of(values.input("teacher")));
    values.compare("loss", loss, List.of("student"), List.of(student));
  }

  private static void hint(LossCase values, String name, boolean halves) {
    try (Regressor regressor = new Regressor(4, 5, halves, Activation.Function.RELU)) {
      values.fill(name + ".conv_reg", regressor);
      regressor.setTrainingAll(true);
      Tensor student = values.leaf("student");
      Tensor loss = Nn.mseLoss(regressor.apply(student), values.input("teacher"));
      values.compare("loss", loss, List.of("student"), List.of(student));
    }
  }

  private static void variational(LossCase values) {
    try (VariationalRegressor regressor = new VariationalRegressor(4, 5, 5)) {
      values.fill("vid", regressor);
      Tensor scale = regressor.parameters().get("log_scale").tensor();
      double initial = VariationalRegressor.logScale(values.parameter("init_pred_var"));
      scale.replaceData(Tensor.full(initial, DType.FLOAT64, 5));
      scale.setRequiresGrad(true);
      Tensor student = values.leaf("student");
      Compare.Maps maps = Compare.Maps.alike(student, values.input("teacher"));
      Tensor loss = regressor.loss(maps.student(), maps.teacher());
      values.compare("loss", loss, List.of("student", "log_scale"), List.of(student, scale));
    }
  }
}
