package dev.graft.text.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    long features = settings.integer("hidden_size");
    List<Child> transform =
        List.of(
            network.place("bert.pooler.dense", linear(features, features)),
            network.place("bert.pooler.activation", new Activation(Function.TANH)),
            network.place("dropout", dropout(settings.number("classifier_dropout"))));
    return new Head(
        Head.Kind.SEQUENCE,
        Head.Pooling.FIRST,
        transform,
        List.of("bert.pooler"),
        "classifier",
        network.place("classifier", linear(features, settings.integer("num_labels"))),
        Optional.of(network.container("bert.pooler")));
  }

  @Override
  Head words(SequenceNetwork network, Settings settings, Embedding table) {
    return masked(
        network,
        settings,
        table,
        "cls.predictions",
        List.of("transform.dense", "transform.LayerNorm"));
  }
}
