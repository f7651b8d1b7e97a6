package dev.graft.text.block;

import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * What the layers of a network read in one forward pass beside the hidden states. Every tensor may
 * be null.
 *
 * @param tokens (N, S) BOOL, true where a position holds a token; null where nothing is padding
 * @param bias (1 or N, heads, L, S) FLOAT32, added to the scores of an attention
 * @param memory what a decoder attends to across, or null
 * @param cache keys and values of earlier positions; null outside of generation
 */
public record Pass(Tensor tokens, Tensor bias, Memory memory, KeyValues cache) {

  /** Name of the input that is 1 where a position holds a token and 0 where it is padding. */
  public static final String MASK = "attention_mask";

  /**
   * The output of an encoder.
   *
   * @param states (N, S, D)
   * @param tokens as in {@link Pass}
   */
  public record Memory(Tensor states, Tensor tokens) {}

  /** Nothing is padding, nothing came before. */
  public static final Pass PLAIN = new Pass(null, null, null, null);

  /** A pass over states whose padding a mask tells, if the state holds one. */
  public static Pass over(NamedTensors state, Tensor hidden) {
    return state.has(MASK) ? PLAIN.withTokens(tokens(state.get(MASK), hidden.size(1))) : PLAIN;
  }

  /**
   * True where there is a token.
   *
   * @param mask (N, S) of any type, 0 or 1
   * @param length of the states; what they have beyond the mask stands in front of it: prompts
   * @return null if there is one everywhere
   */
  public static Tensor tokens(Tensor mask, long length) {
    if (mask.min().item() > 0.5) {
      return null;
    }
    Tensor tokens = mask.gt(0.5);
    long prompts = length - mask.size(1);
    return prompts <= 0
        ? tokens
        : Tensor.cat(List.of(Tensor.ones(mask.size(0), prompts).gt(0.5), tokens), 1);
  }

  /** With other padding. */
  public Pass withTokens(Tensor value) {
    return new Pass(value, bias, memory, cache);
  }

  /** With a bias. */
  public Pass withBias(Tensor value) {
    return new Pass(tokens, value, memory, cache);
  }

  /** With the output of an encoder. */
  public Pass withMemory(Memory value) {
    return new Pass(tokens, bias, value, cache);
  }

  /** With a cache. */
  public Pass withCache(KeyValues value) {
    return new Pass(tokens, bias, memory, value);
  }

  /** The pass of an attention that looks at the memory. */
  Pass across() {
    return new Pass(memory.tokens(), null, memory, cache);
  }

  /** Number of positions before the first one of this pass. */
  public long past() {
    return cache == null ? 0 : cache.length();
  }

  /**
   * What an attention over {@code keys} positions adds to its scores or hides of them; null for
   * nothing beyond the order of time, which {@code causal} attention without a mask keeps itself.
   */
  Tensor mask(long queries, long keys, boolean causal) {
    Tensor seen = tokens == null ? null : widened(keys).reshape(tokens.size(0), 1, 1, keys);
    boolean ordered = causal && queries > 1 && (seen != null || bias != null || keys > queries);
    if (ordered) {
      Tensor before = order(queries, keys);
      seen = seen == null ? before : seen.and(before);
    }
    if (bias == null) {
      return seen;
    }
    Tensor all = widenedBias(keys);
    return seen == null ? all : all.add(hiding(seen));
  }

  /** The bias, and none for what a method put in front of the keys. */
  private Tensor widenedBias(long keys) {
    long more = keys - bias.size(3);
    return more <= 0
        ? bias
        : Tensor.cat(
            List.of(Tensor.zeros(bias.size(0), bias.size(1), bias.size(2), more), bias), 3);
  }

  /** With what a method put in front of the keys: everybody sees it. */
  private Tensor widened(long keys) {
    long more = keys - tokens.size(1);
    return more <= 0
        ? tokens
        : Tensor.cat(List.of(Tensor.ones(tokens.size(0), more).gt(0.5), tokens), 1);
  }

  /** (1, 1, L, S) BOOL: the i-th query sees the keys up to its own. */
  private static Tensor order(long queries, long keys) {
    Tensor query = Tensor.arange(queries).reshape(queries, 1);
    Tensor key = Tensor.arange(keys).reshape(1, keys);
    return query.sub(key).gt((double) (queries - keys) - 0.5).reshape(1, 1, queries, keys);
  }

  private static Tensor hiding(Tensor seen) {
    return seen.to(DType.FLOAT32).sub(1).mul(1e9);
  }
}
