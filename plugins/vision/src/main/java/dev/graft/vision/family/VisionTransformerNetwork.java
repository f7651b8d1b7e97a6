package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Attention;
import dev.graft.layers.Conv2d;
import dev.graft.layers.DropPath;
import dev.graft.layers.Dropout;
import dev.graft.layers.Initial;
import dev.graft.layers.LayerNorm;
import dev.graft.layers.Linear;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Network;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Assembles a vision transformer: patches, class token, positions, blocks that normalise before
 * each of their two branches, a last normalisation, and a linear head on the class token.
 */
final class VisionTransformerNetwork {

  /** Spread of the initial positions, as BERT has it. */
  private static final double POSITION_STD = 0.02;

  private final StagedNetwork network = new StagedNetwork();
  private final Settings settings;
  private final long features;
  private final int blocks;

  private VisionTransformerNetwork(Settings settings) {
    this.settings = settings;
    features = settings.integer("hidden_size");
    blocks = settings.integer("num_hidden_layers");
  }

  static Network build(Settings settings) {
    VisionTransformerNetwork builder = new VisionTransformerNetwork(settings);
    switch (settings.text("parameter_names")) {
      case VisionTransformer.TIMM -> builder.timm();
      case VisionTransformer.HUGGING_FACE -> builder.huggingFace();
      case VisionTransformer.TORCHVISION -> builder.torchvision();
      default -> throw new IllegalArgumentException("no names " + settings);
    }
    InitialValues.transformer(builder.network);
    return builder.network;
  }

  private void timm() {
    network.stage("patch_embed");
    network.place("patch_embed", new PatchEmbedding("proj", patches()));
    tokens("cls_token", "pos_embed");
    network.place("pos_drop", new Dropout(settings.number("position_dropout")));
    network.place("patch_drop", identity());
    network.place("norm_pre", identity());
    for (int i = 0; i < blocks; i++) {
      Residual block = new Residual();
      block.branch(true);
      block.place("norm1", norm());
      block.place("attn", new Attention(attention(), Attention.Names.JOINT));
      dropPath(block, "drop_path1", i);
      block.branch(true);
      block.place("norm2", norm());
      mlp(block, List.of("mlp.fc1", "mlp.act", "mlp.drop1", "mlp.fc2", "mlp.drop2"));
      dropPath(block, "drop_path2", i);
      network.stage("blocks." + i);
      network.place("blocks." + i, block);
    }
    network.stage("norm");
    network.place("norm", norm());
    network.step(VisionTransformerNetwork::classToken);
    network.place("fc_norm", identity());
    head("head_drop", "head");
  }

  private void huggingFace() {
    network.stage("embeddings");
    String embeddings = "vit.embeddings.";
    network.place(embeddings + "patch_embeddings", new PatchEmbedding("projection", patches()));
    tokens(embeddings + "cls_token", embeddings + "position_embeddings");
    network.place(embeddings + "dropout", new Dropout(settings.number("position_dropout")));
    for (int i = 0; i < blocks; i++) {
      Residual block = new Residual();
      block.branch(true);
      block.place("layernorm_before", norm());
      block.place("attention.attention", new Attention(attention(), Attention.Names.SEPARATE));
      block.place("attention.output.dense", new Linear(features, features));
      block.place("attention.output.dropout", dropout());
      dropPath(block, "drop_path1", i);
      block.branch(true);
      block.place("layernorm_after", norm());
      mlp(
          block,
          List.of(
              "intermediate.dense",
              "intermediate.intermediate_act_fn",
              "intermediate.dropout",
              "output.dense",
              "output.dropout"));
      dropPath(block, "drop_path2", i);
      network.stage("layer." + i);
      network.place("vit.encoder.layer." + i, block);
    }
    network.stage("layernorm");
    network.place("vit.layernorm", norm());
    network.step(VisionTransformerNetwork::classToken);
    head("dropout", "classifier");
  }

  private void torchvision() {
    network.stage("conv_proj");
    network.place("conv_proj", patches());
    network.step(PatchEmbedding::tokens);
    tokens("class_token", "encoder.pos_embedding");
    network.place("encoder.dropout", new Dropout(settings.number("position_dropout")));
    for (int i = 0; i < blocks; i++) {
      Residual block = new Residual();
      block.branch(true);
      block.place("ln_1", norm());
      block.place("self_attention", new MultiheadAttention(attention()));
      block.place("dropout", dropout());
      dropPath(block, "drop_path1", i);
      block.branch(true);
      block.place("ln_2", norm());
      mlp(block, List.of("mlp.0", "mlp.1", "mlp.2", "mlp.3", "mlp.4"));
      dropPath(block, "drop_path2", i);
      String name = "encoder_layer_" + i;
      network.stage(name);
      network.place("encoder.layers." + name, block);
    }
    network.stage("ln");
    network.place("encoder.ln", norm());
    network.step(VisionTransformerNetwork::classToken);
    head("dropout", "heads.head");
  }

  private Conv2d patches() {
    int patch = settings.integer("patch_size");
    return new Conv2d(
        Conv2d.Spec.of(settings.integer("num_channels"), features, patch).stride(patch).bias(true));
  }

  /** Puts the class token in front and adds the positions: (N, L, D) to (N, 1 + L, D). */
  private void tokens(String classPath, String positionPath) {
    long side = settings.integer("image_size") / settings.integer("patch_size");
    Tensor token = network.own(classPath, ParameterKind.EMBEDDING, Tensor.zeros(1, 1, features));
    Tensor positions =
        network.own(
            positionPath,
            ParameterKind.EMBEDDING,
            Initial.normal(POSITION_STD, 1, 1 + side * side, features));
    network.step(
        x -> {
          if (x.size(1) + 1 != positions.size(1)) {
            throw new IllegalArgumentException(
                ("the input has %d patches, the network has positions for %d; give it images of %d"
                        + " pixels or set image_size")
                    .formatted(x.size(1), side * side, settings.integer("image_size")));
          }
          Tensor first = token.expand(x.size(0), 1, features);
          return Tensor.cat(List.of(first, x), 1).add(positions);
        });
  }

  /** Linear, activation, dropout, linear, dropout under the given names. */
  private void mlp(Residual block, List<String> names) {
    long hidden = settings.integer("intermediate_size");
    block.place(names.get(0), new Linear(features, hidden));
    block.place(names.get(1), new Activation(Function.parse(settings.text("hidden_act"))));
    block.place(names.get(2), dropout());
    block.place(names.get(3), new Linear(hidden, features));
    block.place(names.get(4), dropout());
  }

  private void dropPath(Residual block, String name, int index) {
    double drop = blocks == 1 ? 0 : settings.number("drop_path_rate") * index / (blocks - 1);
    if (drop > 0) {
      block.place(name, new DropPath(drop));
    }
  }

  private void head(String dropout, String path) {
    network.stage("head");
    network.place(dropout, new Dropout(settings.number("classifier_dropout")));
    network.head(path, new Linear(features, settings.integer("num_labels")), features);
  }

  private Attention.Size attention() {
    return new Attention.Size(
        features,
        settings.integer("num_attention_heads"),
        settings.flag("qkv_bias"),
        settings.number("attention_probs_dropout_prob"),
        settings.number("hidden_dropout_prob"));
  }

  private LayerNorm norm() {
    return new LayerNorm(features, settings.number("layer_norm_eps"));
  }

  private Dropout dropout() {
    return new Dropout(settings.number("hidden_dropout_prob"));
  }

  private static Activation identity() {
    return new Activation(Function.IDENTITY);
  }

  private static Tensor classToken(Tensor x) {
    return x.select(1, 0);
  }
}
