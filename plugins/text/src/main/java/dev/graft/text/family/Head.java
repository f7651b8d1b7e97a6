package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Taps;
import dev.graft.model.HeadInput;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands behind the blocks: how features are made of the hidden states, and the layer that
 * reads them.
 *
 * @param kind what the published network was made for
 * @param pooling how positions become one vector
 * @param transform layers between pooling and features: a pooler, the transform of a masked-word
 *     head
 * @param inner paths of the modules of {@code transform} that have parameters
 * @param path of the module that is the head as a whole
 * @param last the layer that reads the features
 * @param shown the container whose output is the pooled vector behind its transform; may be empty
 */
record Head(
    Kind kind,
    Pooling pooling,
    List<Child> transform,
    List<String> inner,
    String path,
    Child last,
    Optional<dev.graft.layers.Layer> shown) {

  /** What a network was made for. */
  enum Kind {
    /** Classes of texts. */
    SEQUENCE,
    /** Classes of positions. */
    TOKEN,
    /** Where an answer begins and ends. */
    SPAN,
    /** The words that were masked, or the next word. */
    WORDS
  }

  /** How positions become one vector. */
  enum Pooling {
    /** They stay. */
    NONE,
    /** The first position. */
    FIRST,
    /** The mean over tokens. */
    MEAN,
    /** The last token. */
    LAST
  }

  HeadInput reads() {
    return switch (kind) {
      case SEQUENCE -> HeadInput.EXAMPLE;
      case SPAN -> HeadInput.SPAN;
      case TOKEN, WORDS -> HeadInput.POSITION;
    };
  }

  /** True if a head for another task of the same reading takes the place of the last layer. */
  boolean takes(HeadInput input) {
    return kind != Kind.WORDS && reads() == input;
  }

  /**
   * The features of a batch: (N, D) or (N, L, D).
   *
   * @param hidden (N, L, D)
   * @param tokens (N, L) BOOL, or null where nothing is padding
   */
  Tensor features(Tensor hidden, Tensor tokens) {
    Tensor pooled =
        switch (pooling) {
          case NONE -> hidden;
          case FIRST -> hidden.select(1, 0);
          case MEAN -> mean(hidden, tokens);
          case LAST -> last(hidden, tokens);
        };
    for (Child layer : transform) {
      pooled = layer.apply(pooled);
    }
    return shown.isPresent() && Taps.active() ? shown.get().announce(pooled) : pooled;
  }

  private static Tensor mean(Tensor hidden, Tensor tokens) {
    if (tokens == null) {
      return hidden.mean(false, 1);
    }
    Tensor weight = tokens.to(hidden.dtype()).unsqueeze(2);
    return hidden.mul(weight).sum(false, 1).div(weight.sum(false, 1));
  }

  private static Tensor last(Tensor hidden, Tensor tokens) {
    if (tokens == null) {
      return hidden.select(1, hidden.size(1) - 1);
    }
    Tensor positions = Tensor.arange(tokens.size(1)).unsqueeze(0);
    Tensor at = tokens.to(DType.INT64).mul(positions).argmax(1);
    Tensor index = at.reshape(-1, 1, 1).expand(hidden.size(0), 1, hidden.size(2));
    return hidden.gather(1, index).squeeze(1);
  }

  /** The outputs of the network by name. */
  NamedTensors outputs(Tensor features) {
    Tensor logits = last.apply(features);
    if (kind != Kind.SPAN) {
      return NamedTensors.of("logits", logits);
    }
    Map<String, Tensor> result = new LinkedHashMap<>();
    result.put("logits", logits);
    result.put("start_logits", logits.select(2, 0));
    result.put("end_logits", logits.select(2, 1));
    return NamedTensors.of(result);
  }
}
