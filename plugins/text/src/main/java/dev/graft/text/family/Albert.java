package dev.graft.text.family;

import dev.graft.layers.Activation.Function;
import dev.graft.layers.Child;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Block;
import dev.graft.text.block.Pass;
import dev.graft.text.block.SequenceAttention;
import dev.graft.text.block.SequenceLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * ALBERT: one block, or one for each of a few groups, applied again and again. What is shared
 * cannot be frozen by depth, so that all of it is one group, {@code encoder}.
 */
public final class Albert extends BertLike {

  @Override
  public About about() {
    return new About(
        "albert",
        "BERT's blocks with weights shared over depth, behind projected embeddings",
        "Lan et al. 2020, ALBERT");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("albert", "Albert");
  }

  @Override
  String root() {
    return "albert";
  }

  @Override
  List<String> unread() {
    return List.of("^predictions\\.decoder\\.", "^sop_classifier\\.");
  }

  @Override
  List<Setting> settings() {
    List<Setting> settings = new ArrayList<>(super.settings());
    settings.add(Setting.integer("num_hidden_groups", 1, 1, 100, "blocks that are different"));
    settings.add(Setting.integer("inner_group_num", 1, 1, 1, "blocks of a group"));
    return settings;
  }

  @Override
  Map<String, String> otherNames() {
    return Map.of("classifier_dropout_prob", "classifier_dropout");
  }

  @Override
  Map<String, Object> defaults() {
    return Map.of(
        "embedding_size", 128,
        "hidden_act", "gelu_new",
        "hidden_dropout_prob", 0,
        "attention_probs_dropout_prob", 0);
  }

  /** The repeated block as one layer. */
  private static final class Repeated extends SequenceLayer {

    private final List<Child> blocks;
    private final int times;

    Repeated(List<Block> blocks, int times) {
      this.times = times;
      this.blocks = new ArrayList<>();
      for (int i = 0; i < blocks.size(); i++) {
        this.blocks.add(place(i + ".albert_layers.0", blocks.get(i)));
      }
    }

    @Override
    protected Tensor forward(Tensor input, Pass pass) {
      Tensor x = input;
      for (int i = 0; i < times; i++) {
        x = SequenceLayer.apply(blocks.get(i * blocks.size() / times), x, pass);
      }
      return x;
    }
  }

  @Override
  void blocks(SequenceNetwork network, Settings settings) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < settings.integer("num_hidden_groups"); i++) {
      blocks.add(shared(settings));
    }
    network.block(
        "encoder",
        "albert.encoder.albert_layer_groups",
        new Repeated(blocks, settings.integer("num_hidden_layers")));
  }

  @Override
  String projection() {
    return "albert.encoder.embedding_hidden_mapping_in";
  }

  @Override
  boolean alwaysProjects() {
    return true;
  }

  private static Block shared(Settings settings) {
    long features = settings.integer("hidden_size");
    long hidden = settings.integer("intermediate_size");
    double eps = settings.number("layer_norm_eps");
    double drop = settings.number("hidden_dropout_prob");
    SequenceAttention attention = attention(settings, List.of("query", "key", "value", "dense"));
    Child norm = attention.place("LayerNorm", norm(features, eps));
    return new Block(Block.Placement.POST)
        .branch(norm)
        .then("attention", attention)
        .then("attention.output_dropout", dropout(drop))
        .branch("full_layer_layer_norm", norm(features, eps))
        .then("ffn", linear(features, hidden))
        .then("activation", activationLayer(settings.text("hidden_act")))
        .then("ffn_output", linear(hidden, features))
        .then("dropout", dropout(drop));
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    return Heads.pooled(network, settings, "albert.pooler", Function.TANH);
  }

  @Override
  Heads.Words words(Settings settings) {
    return new Heads.Words(
        "predictions.dense",
        activation(settings.text("hidden_act")),
        "predictions.LayerNorm",
        "predictions");
  }
}
