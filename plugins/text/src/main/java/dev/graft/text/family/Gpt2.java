package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.text.block.Block;
import dev.graft.text.block.SequenceAttention;
import dev.graft.text.block.TransposedLinear;
import java.util.List;
import java.util.Map;

/** GPT-2: learned positions, normalisation in front, one joint projection, weights as (in, out). */
public final class Gpt2 extends Decoder {

  @Override
  public About about() {
    return new About(
        "gpt2",
        "transformer decoder with learned positions, normalisation in front of each branch",
        "Radford et al. 2019, Language Models are Unsupervised Multitask Learners");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("gpt2", "GPT2");
  }

  @Override
  String root() {
    return "transformer";
  }

  @Override
  List<String> unread() {
    return List.of("^lm_head\\.");
  }

  @Override
  List<Setting> settings() {
    return List.of(
        Setting.integer("vocab_size", 50_257, 1, 10_000_000, "words"),
        Setting.integer("n_embd", 768, 1, 65_536, "features"),
        Setting.integer("n_layer", 12, 1, 1_000, "blocks"),
        Setting.integer("n_head", 12, 1, 1_000, "heads"),
        Setting.integer("n_inner", 0, 0, 1_000_000, "features between; 0: four times n_embd"),
        Setting.integer("n_positions", 1_024, 1, 1_000_000, "positions"),
        Setting.text("activation_function", "gelu_new", List.of(), "function between"),
        Setting.number("layer_norm_epsilon", 1e-5, 0, 1, "added to a variance"),
        Setting.number("resid_pdrop", 0.1, 0, 0.99, "probability behind a branch"),
        Setting.number("embd_pdrop", 0.1, 0, 0.99, "probability behind the embeddings"),
        Setting.number("attn_pdrop", 0.1, 0, 0.99, "probability of a weight"));
  }

  @Override
  long features(Settings settings) {
    return settings.integer("n_embd");
  }

  @Override
  boolean tied(Settings settings) {
    return true;
  }

  @Override
  Final last(Settings settings) {
    return new Final(
        "transformer.ln_f", norm(features(settings), settings.number("layer_norm_epsilon")));
  }

  @Override
  String wordTable(Settings settings) {
    return "transformer.wte";
  }

  @Override
  void embeddings(SequenceNetwork network, Settings settings, Embeddings words) {
    Embedding positions = new Embedding(settings.integer("n_positions"), features(settings));
    Embeddings sum =
        words.counted(network.place("transformer.wpe", positions), Embeddings.Positions.PLAIN);
    Child drop = network.place("transformer.drop", dropout(settings.number("embd_pdrop")));
    network.embeds(
        (inputs, past) -> drop.apply(sum.apply(inputs, past)),
        "transformer.wte",
        "transformer.wpe",
        "transformer.drop");
  }

  @Override
  void blocks(SequenceNetwork network, Settings settings) {
    long features = features(settings);
    int inner = settings.integer("n_inner");
    long hidden = inner == 0 ? 4 * features : inner;
    double eps = settings.number("layer_norm_epsilon");
    double drop = settings.number("resid_pdrop");
    for (int i = 0; i < settings.integer("n_layer"); i++) {
      SequenceAttention attention =
          new SequenceAttention(
                  SequenceAttention.Shape.of(
                      features,
                      settings.integer("n_head"),
                      SequenceAttention.Kind.CAUSAL,
                      settings.number("attn_pdrop")))
              .inputs(List.of("c_attn"), List.of(new TransposedLinear(features, 3 * features)))
              .output("c_proj", new TransposedLinear(features, features));
      Block block =
          new Block(Block.Placement.PRE)
              .branch("ln_1", norm(features, eps))
              .then("attn", attention)
              .then("attn.resid_dropout", dropout(drop))
              .branch("ln_2", norm(features, eps))
              .then("mlp.c_fc", new TransposedLinear(features, hidden))
              .then("mlp.act", activationLayer(settings.text("activation_function")))
              .then("mlp.c_proj", new TransposedLinear(hidden, features))
              .then("mlp.dropout", dropout(drop));
      network.block("h." + i, "transformer.h." + i, block);
    }
  }
}
