package dev.graft.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.layers.ParameterKind;
import dev.graft.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationTest {

  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  private static Plan plan() {
    Phase probe =
        Phase.of(
                "probe",
                List.of(Selector.groups(List.of("head"), 1)),
                Stream.training(32, Stream.NONE),
                Choice.of("adamw").with("lr", 0.001).with("weight_decay", 0.05))
            .withNormalisation(Normalisation.ADAPT_STATISTICS)
            .withSchedule(Choice.of("cosine").with("warmup", 0.1))
            .withLength(new Length(20, 500, 3));
    Phase all =
        Phase.of(
                "fine-tune",
                List.of(
                    Selector.groups(List.of("head"), 1),
                    Selector.kinds(List.of(ParameterKind.BIAS), 0.1).withWeightDecay(0),
                    Selector.all(0.1)),
                Stream.training(16, "crop-flip"),
                Choice.of("sgd").with("lr", 0.01).with("weight_decay", 0.0005))
            .plusTerm(new TermSpec("bss", Settings.of("k", 1), 0.001, 100))
            .withUpdates(List.of(new Update("head", List.of("head"), Map.of("task", 1.0), 2)))
            .withRegime(Regime.PLAIN.withEma(0.999).withClipNorm(1).withAccumulate(2))
            .withLength(Length.epochs(10));
    return Plan.start(42)
        .plusMethod(Choice.of("lp-ft").with("lr", 0.01))
        .withPhases(List.of(probe, all));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en-US", "de-DE", "ar-EG"})
  void isTheSealedTextInEveryLocale(String tag) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(tag));
    try (Model model = SketchNetwork.model();
        InputStream sealed = ExplanationTest.class.getResourceAsStream("explanation.txt")) {
      assertEquals(
          new String(sealed.readAllBytes(), StandardCharsets.UTF_8), plan().explain(model));
    }
  }
}
