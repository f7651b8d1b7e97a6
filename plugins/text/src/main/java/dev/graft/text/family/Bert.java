package dev.graft.text.family;

import dev.graft.layers.Activation.Function;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;
import java.util.Map;

/** BERT under the names of {@code transformers}. */
public final class Bert extends BertLike {

  @Override
  public About about() {
    return new About(
        "bert",
        "transformer encoder with words, positions and segments; normalisation behind each branch",
        "Devlin et al. 2019, BERT");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("bert", "Bert");
  }

  @Override
  String root() {
    return "bert";
  }

  @Override
  List<String> unread() {
    return List.of("^cls\\.seq_relationship\\.", "^cls\\.predictions\\.decoder\\.");
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    return Heads.pooled(network, settings, "bert.pooler.dense", Function.TANH);
  }

  @Override
  Heads.Words words(Settings settings) {
    return new Heads.Words(
        "cls.predictions.transform.dense",
        activation(settings.text("hidden_act")),
        "cls.predictions.transform.LayerNorm",
        "cls.predictions");
  }
}
