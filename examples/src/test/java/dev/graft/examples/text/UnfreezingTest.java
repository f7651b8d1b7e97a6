package dev.graft.examples.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Graft;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.plan.Phase;
import dev.graft.plan.Selection;
import dev.graft.plan.Selection.Selected;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.spi.Subject;
import dev.graft.task.Classification;
import dev.graft.train.Planner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How an encoder is unfrozen: from the head down, over its blocks, to the embeddings. */
class UnfreezingTest {

  private static final Map<String, Object> ENCODER =
      Map.of(
          "model_type", "bert",
          "vocab_size", 12,
          "hidden_size", 8,
          "num_hidden_layers", 3,
          "num_attention_heads", 2,
          "intermediate_size", 16,
          "max_position_embeddings", 8);

  private static Model encoder(Registry registry) {
    ModelSpec spec =
        registry.modelSpec(Map.of("class", "BertForSequenceClassification", "config", ENCODER));
    return new Model(spec, registry.get(ModelFamily.class, spec.family()).build(spec));
  }

  /** Rate of each group that trains, from input to output; its parameters have one in common. */
  private static Map<String, Double> rates(Phase phase, Model model) {
    double rate = phase.optimizer().settings().number("lr");
    Map<String, Double> rates = new LinkedHashMap<>();
    for (Selected each : Selection.of(phase, model).trained()) {
      Double other = rates.put(each.parameter().group(), each.rate() * rate);
      assertTrue(other == null || other == each.rate() * rate, each.parameter().name());
    }
    return rates;
  }

  @Test
  void anEncoderIsUnfrozenFromTheHeadDownWithRatesThatFall() {
    Registry registry = Graft.create().registry();
    try (Model model = encoder(registry)) {
      Classification task = new Classification(List.of("a", "b"));
      task.putHeadOn(model);
      Subject subject = new Subject(model, false, task, 320, "none");
      List<Phase> phases =
          Planner.plan(Planner.parse("gradual-unfreeze:steps=5"), 3, subject, registry).phases();
      List<String> groups = List.of("embeddings", "layer.0", "layer.1", "layer.2", "head");
      assertEquals(groups.size(), phases.size());
      for (int step = 0; step < phases.size(); step++) {
        Map<String, Double> rates = rates(phases.get(step), model);
        List<String> trained = groups.subList(groups.size() - 1 - step, groups.size());
        assertEquals(trained, List.copyOf(rates.keySet()));
        for (int i = 1; i < trained.size(); i++) {
          double above = rates.get(trained.get(i));
          assertEquals(above / 2.6, rates.get(trained.get(i - 1)), 1e-12, trained.get(i - 1));
        }
      }
    }
  }
}
