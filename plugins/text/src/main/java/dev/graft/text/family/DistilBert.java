package dev.graft.text.family;

import dev.graft.layers.Activation.Function;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.text.block.Block;
import java.util.List;
import java.util.Map;

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
  Map<String, String> otherNames() {
    return NAMES;
  }

  @Override
  Map<String, Object> defaults() {
    return Map.of("num_hidden_layers", 6, "classifier_dropout", 0.2, "type_vocab_size", 0);
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
    return new Block(Block.Placement.POST)
        .branch("sa_layer_norm", norm(features, eps))
        .then("attention", attention(settings, List.of("q_lin", "k_lin", "v_lin", "out_lin")))
        .branch("output_layer_norm", norm(features, eps))
        .then("ffn.lin1", linear(features, hidden))
        .then("ffn.activation", activationLayer(settings.text("hidden_act")))
        .then("ffn.lin2", linear(hidden, features))
        .then("ffn.dropout", dropout(settings.number("hidden_dropout_prob")));
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    return Heads.pooled(network, settings, "pre_classifier", Function.RELU);
  }

  @Override
  Heads.Words words(Settings settings) {
    return new Heads.Words(
        "vocab_transform",
        activation(settings.text("hidden_act")),
        "vocab_layer_norm",
        "vocab_projector");
  }
}
