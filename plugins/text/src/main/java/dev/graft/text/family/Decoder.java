package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.plan.Settings;
import dev.graft.text.block.TiedLinear;
import java.util.List;
import java.util.Optional;

/**
 * Decoders: every position sees those before it; the published head says which word comes next, and
 * a new head reads the last token.
 */
abstract class Decoder extends TextFamily {

  /** Features of the hidden states. */
  abstract long features(Settings settings);

  /** Places the blocks. */
  abstract void blocks(SequenceNetwork network, Settings settings);

  /** Path of the table of the words. */
  abstract String wordTable(Settings settings);

  /** Places what is added to words, such as learned positions; says how hidden states begin. */
  void embeddings(SequenceNetwork network, Settings settings, Embeddings words) {
    network.embeds(words::apply, wordTable(settings));
  }

  /** The last normalisation and its path. */
  record Final(String path, Layer norm) {}

  /** What stands behind the last block. */
  abstract Final last(Settings settings);

  /** Whether the head over words is the table of the embeddings. */
  abstract boolean tied(Settings settings);

  /** Path of the head over words. */
  String wordsPath() {
    return "lm_head";
  }

  @Override
  SequenceNetwork network(Settings settings, Head.Kind kind) {
    long features = features(settings);
    SequenceNetwork network = new SequenceNetwork(features, "score", Head.Pooling.LAST, 0);
    Embedding table = new Embedding(settings.integer("vocab_size"), features);
    embeddings(network, settings, Embeddings.of(network.place(wordTable(settings), table)));
    blocks(network, settings);
    Final last = last(settings);
    Child norm = network.place(last.path(), last.norm());
    network.finishes(norm::apply, last.path());
    String path =
        switch (kind) {
          case SEQUENCE, TOKEN -> "score";
          case SPAN -> "qa_outputs";
          case WORDS -> wordsPath();
        };
    Layer head =
        switch (kind) {
          case SEQUENCE, TOKEN -> new Linear(features, settings.integer("num_labels"), false);
          case SPAN -> linear(features, 2);
          case WORDS ->
              tied(settings)
                  ? new TiedLinear(table, 1, null)
                  : new Linear(features, settings.integer("vocab_size"), false);
        };
    network.head(
        new Head(
            kind,
            kind == Head.Kind.SEQUENCE ? Head.Pooling.LAST : Head.Pooling.NONE,
            List.of(),
            List.of(),
            path,
            network.place(path, head),
            Optional.empty()));
    return network;
  }
}
