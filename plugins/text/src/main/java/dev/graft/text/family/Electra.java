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

/** ELECTRA: BERT with embeddings of their own size, trained to tell replaced words. */
public final class Electra extends BertLike {

  @Override
  public About about() {
    return new About(
        "electra",
        "BERT's blocks behind projected embeddings, pretrained to tell replaced words",
        "Clark et al. 2020, ELECTRA");
  }

  @Override
  Map<String, String> classes() {
    return Map.of("electra", "Electra");
  }

  @Override
  String root() {
    return "electra";
  }

  /** Published as discriminators, whose own head says nothing of other tasks. */
  @Override
  Head.Kind usualHead() {
    return Head.Kind.SEQUENCE;
  }

  @Override
  List<String> unread() {
    return List.of("^discriminator_predictions\\.", "^generator_lm_head\\.weight$");
  }

  @Override
  Map<String, Object> translated(Map<String, Object> config) {
    Map<String, Object> result = new java.util.LinkedHashMap<>(config);
    result.putIfAbsent("embedding_size", 128);
    return result;
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    return dense(network, settings, Activation.Function.GELU);
  }

  @Override
  Head words(SequenceNetwork network, Settings settings, Embedding table) {
    long features = settings.integer("hidden_size");
    long size = width(settings);
    String at = "generator_predictions";
    List<Child> transform =
        List.of(
            network.place(at + ".dense", linear(features, size)),
            network.place(at + ".activation", new Activation(Activation.Function.GELU)),
            network.place(at + ".LayerNorm", norm(size, settings.number("layer_norm_eps"))));
    Tensor bias =
        network
            .container("generator_lm_head")
            .own("bias", ParameterKind.BIAS, Tensor.zeros(settings.integer("vocab_size")));
    return new Head(
        Head.Kind.WORDS,
        Head.Pooling.NONE,
        transform,
        List.of(at),
        "generator_lm_head",
        network.place("generator_lm_head.decoder", new TiedLinear(table, 1, bias)),
        Optional.empty());
  }
}
