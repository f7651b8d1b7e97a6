package dev.graft.text.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.TiedLinear;
import java.util.List;
import java.util.Optional;

/** The heads of published encoders: what they consist of, and under which paths. */
final class Heads {

  /** Where the head over beginnings and ends stands. */
  static final String SPANS = "qa_outputs";

  private Heads() {}

  /** Dropout and a projection of each position. */
  static Head tokens(SequenceNetwork network, Settings settings) {
    return new Head(
        Head.Kind.TOKEN,
        Head.Pooling.NONE,
        List.of(network.place("dropout", dropout(settings))),
        List.of(),
        "classifier",
        network.place("classifier", classes(settings)),
        Optional.empty());
  }

  /** A projection of each position to the scores of a beginning and an end. */
  static Head spans(SequenceNetwork network, Settings settings) {
    return new Head(
        Head.Kind.SPAN,
        Head.Pooling.NONE,
        List.of(),
        List.of(),
        SPANS,
        network.place(SPANS, TextFamily.linear(features(settings), 2)),
        Optional.empty());
  }

  /**
   * The first position through a dense layer and a function, then dropout and a projection.
   *
   * @param dense path of the dense layer; one that ends in {@code .dense} is a pooler's
   */
  static Head pooled(SequenceNetwork network, Settings settings, String dense, Function function) {
    Optional<String> pooler =
        dense.endsWith(".dense")
            ? Optional.of(dense.substring(0, dense.lastIndexOf('.')))
            : Optional.empty();
    List<Child> transform =
        List.of(
            network.place(dense, square(settings)),
            network.place(
                pooler.orElse(dense) + (pooler.isPresent() ? ".activation" : "_activation"),
                new Activation(function)),
            network.place("dropout", dropout(settings)));
    return new Head(
        Head.Kind.SEQUENCE,
        Head.Pooling.FIRST,
        transform,
        List.of(dense),
        "classifier",
        network.place("classifier", classes(settings)),
        pooler.map(network::container));
  }

  /**
   * A dense layer and a function inside the head, as RoBERTa and ELECTRA have them: the first
   * position, dropout, dense, function, dropout, projection.
   */
  static Head dense(SequenceNetwork network, Settings settings, Function function) {
    List<Child> transform =
        List.of(
            network.place("classifier.dropout", dropout(settings)),
            network.place("classifier.dense", square(settings)),
            network.place("classifier.act", new Activation(function)),
            network.place("classifier.dropout2", dropout(settings)));
    return new Head(
        Head.Kind.SEQUENCE,
        Head.Pooling.FIRST,
        transform,
        List.of("classifier.dense"),
        "classifier.out_proj",
        network.place("classifier.out_proj", classes(settings)),
        Optional.empty());
  }

  /**
   * Where the parts of a head over words stand.
   *
   * @param dense path of its dense layer
   * @param function behind that
   * @param norm path of its normalisation
   * @param words path of what holds the bias of the words
   */
  record Words(String dense, Function function, String norm, String words) {}

  /** A dense layer, a function and a normalisation, then the table of the words with a bias. */
  static Head words(SequenceNetwork network, Settings settings, Embedding table, Words at) {
    long size = table.weight().size(1);
    List<Child> transform =
        List.of(
            network.place(at.dense, TextFamily.linear(features(settings), size)),
            network.place(at.dense + "_activation", new Activation(at.function)),
            network.place(at.norm, TextFamily.norm(size, settings.number("layer_norm_eps"))));
    Tensor bias =
        network
            .container(at.words)
            .own("bias", ParameterKind.BIAS, Tensor.zeros(settings.integer("vocab_size")));
    Child last = network.place(at.words + ".decoder", new TiedLinear(table, 1, bias));
    return new Head(
        Head.Kind.WORDS,
        Head.Pooling.NONE,
        transform,
        List.of(at.dense, at.norm),
        at.words.split("\\.")[0],
        last,
        Optional.empty());
  }

  private static long features(Settings settings) {
    return settings.integer("hidden_size");
  }

  private static Layer square(Settings settings) {
    return TextFamily.linear(features(settings), features(settings));
  }

  private static Layer classes(Settings settings) {
    return TextFamily.linear(features(settings), settings.integer("num_labels"));
  }

  private static Layer dropout(Settings settings) {
    return TextFamily.dropout(settings.number("classifier_dropout"));
  }
}
