package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.tensor.Tensor;
import java.util.Map;
import java.util.function.UnaryOperator;

/** BART: learned positions that begin at 2, then a normalisation. */
public final class Bart extends BartLike {

  private static final int FIRST_POSITION = 2;

  @Override
  public About about() {
    return new About(
        "bart",
        "encoder and decoder with learned positions, normalisation behind each branch",
        "Lewis et al. 2020, BART");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("bart", "Bart");
  }

  @Override
  Embeddings counted(TranslatingNetwork network, Settings settings, String path, Embeddings words) {
    int count = settings.integer("max_position_embeddings") + FIRST_POSITION;
    Embedding table = new Embedding(count, settings.integer("d_model"));
    return words.counted(
        network.place(path + ".embed_positions", table), Embeddings.Positions.from(FIRST_POSITION));
  }

  @Override
  UnaryOperator<Tensor> finished(TranslatingNetwork network, Settings settings, String path) {
    Child norm =
        network.place(path + ".layernorm_embedding", norm(settings.integer("d_model"), EPS));
    return norm::apply;
  }
}
