package dev.graft.text.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Block;
import dev.graft.text.block.SequenceAttention;
import dev.graft.text.block.TiedLinear;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** DistilBERT: half of BERT's blocks, no segments, names of its own. */
public final class DistilBert extends BertLike {

  /** Its names for settings, and those of BERT. */
  private static final Map<String, String> NAMES =
      Map.of(
          "dim", "hidden_size",
          "n_layers", "num_hidden_layers",
          "n_heads", "num_attention_heads",
          "hidden_dim", "intermediate_size",
          "activation", "hidden_act",
          "dropout", "hidden_dropout_prob",
          "attention_dropout", "attention_probs_dropout_prob",
          "seq_classif_dropout", "classifier_dropout");

  @Override
  public About about() {
    return new About(
        "distilbert", "half of BERT's blocks, distilled from it", "Sanh et al. 2019, DistilBERT");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("distilbert", "DistilBert");
  }

  @Override
  String root() {
    return "distilbert";
  }

  @Override
  List<String> unread() {
    return List.of("^vocab_projector\\.weight$");
  }

  @Override
  Map<String, Object> translated(Map<String, Object> config) {
    Map<String, Object> result = new LinkedHashMap<>();
    config.forEach((key, value) -> result.put(NAMES.getOrDefault(key, key), value));
    result.putIfAbsent("num_hidden_layers", 6);
    result.putIfAbsent("classifier_dropout", 0.2);
    result.put("type_vocab_size", 0);
    return result;
  }

  @Override
  void blocks(SequenceNetwork network, Settings settings) {
    for (int i = 0; i < settings.integer("num_hidden_layers"); i++) {
      network.block("layer." + i, "distilbert.transformer.layer." + i, block(settings));
    }
  }

  private static Block block(Settings settings) {
    long features = settings.integer("hidden_size");
    long hidden = settings.integer("intermediate_size");
    double eps = settings.number("layer_norm_eps");
    Layer[] maps = {
      linear(features, features), linear(features, features), linear(features, features)
    };
    SequenceAttention attention =
        new SequenceAttention(
                SequenceAttention.Shape.of(
                    features,
                    settings.integer("num_attention_heads"),
                    SequenceAttention.Kind.FULL,
                    settings.number("attention_probs_dropout_prob")))
            .inputs(List.of("q_lin", "k_lin", "v_lin"), List.of(maps))
            .output("out_lin", linear(features, features));
    return new Block(Block.Placement.POST)
        .branch("sa_layer_norm", norm(features, eps))
        .then("attention", attention)
        .branch("output_layer_norm", norm(features, eps))
        .then("ffn.lin1", linear(features, hidden))
        .then("ffn.activation", activationLayer(settings.text("hidden_act")))
        .then("ffn.lin2", linear(hidden, features))
        .then("ffn.dropout", dropout(settings.number("hidden_dropout_prob")));
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    long features = settings.integer("hidden_size");
    List<Child> transform =
        List.of(
            network.place("pre_classifier", linear(features, features)),
            network.place("activation", new Activation(Function.RELU)),
            network.place("dropout", dropout(settings.number("classifier_dropout"))));
    return new Head(
        Head.Kind.SEQUENCE,
        Head.Pooling.FIRST,
        transform,
        List.of("pre_classifier"),
        "classifier",
        network.place("classifier", linear(features, settings.integer("num_labels"))),
        Optional.empty());
  }

  @Override
  Head words(SequenceNetwork network, Settings settings, Embedding table) {
    long features = settings.integer("hidden_size");
    List<Child> transform =
        List.of(
            network.place("vocab_transform", linear(features, features)),
            network.place("vocab_activation", activationLayer(settings.text("hidden_act"))),
            network.place("vocab_layer_norm", norm(features, settings.number("layer_norm_eps"))));
    Tensor bias =
        network
            .container("vocab_projector")
            .own("bias", ParameterKind.BIAS, Tensor.zeros(settings.integer("vocab_size")));
    return new Head(
        Head.Kind.WORDS,
        Head.Pooling.NONE,
        transform,
        List.of("vocab_transform", "vocab_layer_norm"),
        "vocab_projector",
        network.place("vocab_projector.decoder", new TiedLinear(table, 1, bias)),
        Optional.empty());
  }
}
