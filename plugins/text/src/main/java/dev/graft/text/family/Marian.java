package dev.graft.text.family;

import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.text.block.FixedEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Marian, the networks of OPUS-MT: BART's blocks behind sines and cosines of positions. An answer
 * begins with padding, which never comes again; its vector trains as any other.
 */
public final class Marian extends BartLike {

  private static final String SHARED = "share_encoder_decoder_embeddings";

  @Override
  public About about() {
    return new About(
        "marian",
        "encoder and decoder for translation with computed positions",
        "Junczys-Dowmunt et al. 2018, Marian; Tiedemann and Thottingal 2020, OPUS-MT");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("marian", "Marian");
  }

  @Override
  List<Setting> settings() {
    List<Setting> settings = new ArrayList<>(super.settings());
    settings.add(Setting.flag(SHARED, true, "whether both halves have one table of words"));
    return settings;
  }

  @Override
  Map<String, Object> defaults() {
    return Map.of("vocab_size", 58_101, "decoder_start_token_id", 58_100, "pad_token_id", 58_100);
  }

  @Override
  List<String> computed() {
    return List.of("\\.embed_positions\\.weight$");
  }

  @Override
  Network network(Settings settings, Head.Kind kind) {
    if (!settings.flag(SHARED)) {
      throw new IllegalArgumentException(
          SHARED + " is false; built are networks whose halves share one table of words");
    }
    TranslatingNetwork network = (TranslatingNetwork) super.network(settings, kind);
    network.never(settings.integer("pad_token_id"));
    return network;
  }

  @Override
  Embeddings counted(TranslatingNetwork network, Settings settings, String path, Embeddings words) {
    FixedEmbedding table =
        FixedEmbedding.sinusoids(
            settings.integer("max_position_embeddings"), settings.integer("d_model"));
    return words.counted(
        network.place(path + ".embed_positions", table), Embeddings.Positions.PLAIN);
  }
}
