package dev.graft.text.family;

import dev.graft.layers.Activation.Function;
import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.text.block.SequenceAttention;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * DeBERTa of the versions 2 and 3: BERT's blocks, whose scores know distances beside contents. The
 * convolution of the two largest members of version 2 is not built.
 */
public final class DebertaV2 extends BertLike {

  private static final String TABLE = "deberta.encoder.rel_embeddings";
  private static final String NORM = "deberta.encoder.LayerNorm";

  @Override
  public About about() {
    return new About(
        "deberta-v2",
        "BERT's blocks with contents and distances disentangled; versions 2 and 3",
        "He et al. 2021, DeBERTa; He et al. 2023, DeBERTaV3");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("deberta-v2", "DebertaV2");
  }

  @Override
  String root() {
    return "deberta";
  }

  /** Version 3 is published as a discriminator, whose own heads say nothing of other tasks. */
  @Override
  Head.Kind usualHead() {
    return Head.Kind.SEQUENCE;
  }

  @Override
  List<String> heads() {
    List<String> heads = new ArrayList<>(super.heads());
    heads.addAll(List.of("pooler", "lm_predictions", "mask_predictions"));
    return heads;
  }

  @Override
  List<String> unread() {
    return List.of("^cls\\.predictions\\.decoder\\.");
  }

  @Override
  List<Setting> settings() {
    List<Setting> settings = new ArrayList<>(super.settings());
    settings.addAll(
        List.of(
            Setting.flag("relative_attention", false, "must be true: scores know distances"),
            Setting.flag("position_biased_input", true, "whether words have learned positions"),
            Setting.flag("share_att_key", false, "whether distances go through the same maps"),
            Setting.text("pos_att_type", "", List.of(), "c2p, p2c or c2p|p2c"),
            Setting.text("norm_rel_ebd", "none", List.of("none", "layer_norm"), "of distances"),
            Setting.integer("position_buckets", -1, -1, 1_000_000, "of distances; -1: all apart"),
            Setting.integer("max_relative_positions", -1, -1, 1_000_000, "-1: all positions"),
            Setting.integer("conv_kernel_size", 0, 0, 0, "a convolution; not built"),
            Setting.text("pooler_hidden_act", "gelu", List.of(), "function of the pooler")));
    return settings;
  }

  @Override
  Map<String, String> otherNames() {
    return Map.of("cls_dropout", "classifier_dropout");
  }

  @Override
  Map<String, Object> defaults() {
    return Map.of(
        "vocab_size", 128_100,
        "hidden_size", 1_536,
        "num_hidden_layers", 24,
        "num_attention_heads", 24,
        "intermediate_size", 6_144,
        "type_vocab_size", 0,
        "layer_norm_eps", 1e-7);
  }

  /** Kinds of scores are published as one text or as a list. */
  @Override
  Map<String, Object> translated(Map<String, Object> config) {
    Map<String, Object> result = super.translated(config);
    if (result.get("pos_att_type") instanceof List<?> kinds) {
      result.put("pos_att_type", String.join("|", kinds.stream().map(String::valueOf).toList()));
    }
    return result;
  }

  @Override
  Optional<Embeddings.Positions> positions(Settings settings) {
    return settings.flag("position_biased_input") ? super.positions(settings) : Optional.empty();
  }

  @Override
  void blocks(SequenceNetwork network, Settings settings) {
    List<String> kinds = List.of(settings.text("pos_att_type").split("\\|"));
    boolean byQuery = kinds.contains("c2p");
    boolean byKey = kinds.contains("p2c");
    if (!settings.flag("relative_attention") || !(byQuery || byKey)) {
      throw new IllegalArgumentException(
          "relative_attention is %s with pos_att_type '%s'; built are networks whose scores know"
                  .formatted(settings.flag("relative_attention"), settings.text("pos_att_type"))
              + " distances by c2p, p2c or both");
    }
    Disentangled.Distances distances = distances(network, settings);
    long features = settings.integer("hidden_size");
    SequenceAttention.Shape plain = shape(settings);
    int parts = 1 + (byQuery ? 1 : 0) + (byKey ? 1 : 0);
    SequenceAttention.Shape shape = plain.scaled(1 / Math.sqrt((double) plain.size() * parts));
    boolean shared = settings.flag("share_att_key");
    for (int i = 0; i < settings.integer("num_hidden_layers"); i++) {
      SequenceAttention self =
          attention(shape, features, List.of("query_proj", "key_proj", "value_proj"), true);
      Disentangled scores =
          new Disentangled(
              distances,
              shape.heads(),
              shape.scale(),
              byQuery ? Optional.of(map(self, "key_proj", shared)) : Optional.empty(),
              byKey ? Optional.of(map(self, "query_proj", shared)) : Optional.empty());
      network.block(
          "layer." + i, "deberta.encoder.layer." + i, block(settings, self.scored(scores)));
    }
  }

  private static Disentangled.Distances distances(SequenceNetwork network, Settings settings) {
    long features = settings.integer("hidden_size");
    int given = settings.integer("max_relative_positions");
    int farthest = given < 1 ? settings.integer("max_position_embeddings") : given;
    int buckets = Math.max(0, settings.integer("position_buckets"));
    int span = buckets > 0 ? buckets : farthest;
    Child table = network.place(TABLE, new Embedding(2L * span, features));
    network.embeddingModule(TABLE);
    List<Child> then = new ArrayList<>();
    if (settings.text("norm_rel_ebd").equals("layer_norm")) {
      then.add(network.place(NORM, norm(features, settings.number("layer_norm_eps"))));
      network.embeddingModule(NORM);
    }
    then.add(network.place(TABLE + "_dropout", dropout(settings.number("hidden_dropout_prob"))));
    return new Disentangled.Distances(table, then, buckets, farthest);
  }

  /** What projects distances: the map of the contents, or one of its own. */
  private static Child map(SequenceAttention self, String name, boolean shared) {
    Child contents = self.children().get(name);
    if (shared) {
      return contents;
    }
    long features = contents.layer().parameters().get("weight").tensor().size(0);
    return self.place("pos_" + name, linear(features, features));
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    Function function = activation(settings.text("pooler_hidden_act"));
    return Heads.pooled(network, settings, "pooler.dense", function);
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
