package dev.graft.text.family;

import dev.graft.layers.Activation.Function;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;
import java.util.Map;

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
  Map<String, Object> defaults() {
    return Map.of("embedding_size", 128);
  }

  @Override
  Head classifier(SequenceNetwork network, Settings settings) {
    return Heads.dense(network, settings, Function.GELU);
  }

  @Override
  Heads.Words words(Settings settings) {
    return new Heads.Words(
        "generator_predictions.dense",
        Function.GELU,
        "generator_predictions.LayerNorm",
        "generator_lm_head");
  }
}
