package dev.graft.text.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.ParameterKind;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.TiedLinear;
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

  /** The id of padding as it is published, where a configuration leaves it out. */
  @Override
  Map<String, Object> translated(Map<String, Object> config) {
    Map<String, Object> result = new java.util.LinkedHashMap<>(config);
    result.putIfAbsent("pad_token_id", 1);
    return result;
  }

  @Override
  Embeddings.Positions positions(Settings settings) {
    long pad = settings.integer("pad_token_id");
    return new Embeddings.Positions(pad + 1, pad);
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    return dense(network, settings, Activation.Function.TANH);
  }

  @Override
  Head words(SequenceNetwork network, Settings settings, Embedding table) {
    long features = settings.integer("hidden_size");
    List<Child> transform =
        List.of(
            network.place("lm_head.dense", linear(features, features)),
            network.place("lm_head.act", new Activation(Activation.Function.GELU)),
            network.place("lm_head.layer_norm", norm(features, settings.number("layer_norm_eps"))));
    Tensor bias =
        network
            .container("lm_head")
            .own("bias", ParameterKind.BIAS, Tensor.zeros(settings.integer("vocab_size")));
    return new Head(
        Head.Kind.WORDS,
        Head.Pooling.NONE,
        transform,
        List.of("lm_head.dense", "lm_head.layer_norm"),
        "lm_head",
        network.place("lm_head.decoder", new TiedLinear(table, 1, bias)),
        Optional.empty());
  }
}
