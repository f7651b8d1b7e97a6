package dev.graft.text.family;

import dev.graft.layers.Activation.Function;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** RoBERTa, XLM-R and CamemBERT: BERT with positions that count from behind the padding id. */
public final class Roberta extends BertLike {

  @Override
  public About about() {
    return new About(
        "roberta",
        "BERT's blocks with byte-level or SentencePiece words; also XLM-R and CamemBERT",
        "Liu et al. 2019, RoBERTa; Conneau et al. 2020, XLM-R");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("roberta", "Roberta", "xlm-roberta", "XLMRoberta", "camembert", "Camembert");
  }

  @Override
  String root() {
    return "roberta";
  }

  @Override
  List<String> unread() {
    return List.of("^lm_head\\.decoder\\.");
  }

  @Override
  Map<String, Object> defaults() {
    return Map.of("pad_token_id", 1);
  }

  @Override
  Optional<Embeddings.Positions> positions(Settings settings) {
    return Optional.of(Embeddings.Positions.behind(settings.integer("pad_token_id")));
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    return Heads.dense(network, settings, Function.TANH);
  }

  @Override
  Heads.Words words(Settings settings) {
    return new Heads.Words("lm_head.dense", Function.GELU, "lm_head.layer_norm", "lm_head");
  }
}
