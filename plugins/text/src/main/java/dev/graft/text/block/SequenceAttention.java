package dev.graft.text.block;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.layers.Taps;
import dev.graft.layers.Tokens;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Multi-head attention over sequences: with padding, in the order of time, with rotary positions,
 * with fewer heads for keys and values than for queries, over a memory, with a cache.
 *
 * <p>It stands beside the engine's {@link dev.graft.layers.Attention}, which knows none of these
 * and serves images; it has the same places {@code key_states} and {@code value_states}, where
 * methods put vectors of their own. The scores are computed by LibTorch's fused call in every case.
 */
public final class SequenceAttention extends SequenceLayer {

  /**
   * Sizes and kind.
   *
   * @param heads for queries
   * @param keyHeads for keys and values; divides {@code heads}
   * @param size features of a head
   * @param scale of the scores; NaN: 1 / sqrt(size)
   * @param dropout probability that a weight is dropped in training mode
   * @param kind what attends to what
   * @param rotary how positions turn queries and keys
   */
  public record Shape(
      long heads,
      long keyHeads,
      long size,
      double scale,
      double dropout,
      Kind kind,
      Optional<Rotary> rotary) {

    public Shape {
      if (heads < 1 || keyHeads < 1 || heads % keyHeads != 0) {
        throw new IllegalArgumentException(
            "%d heads cannot share %d heads of keys and values; the latter must divide the former"
                .formatted(heads, keyHeads));
      }
    }

    /** As many heads of keys as of queries, nothing special. */
    public static Shape of(long features, long heads, Kind kind, double dropout) {
      if (heads < 1 || features % heads != 0) {
        throw new IllegalArgumentException(
            "%d features cannot be split into %d heads; the heads must divide them"
                .formatted(features, heads));
      }
      return new Shape(heads, heads, features / heads, Double.NaN, dropout, kind, Optional.empty());
    }

    /** Of another kind. */
    public Shape of(Kind value) {
      return new Shape(heads, keyHeads, size, scale, dropout, value, rotary);
    }

    /** With rotary positions. */
    public Shape rotary(Rotary value) {
      return new Shape(heads, keyHeads, size, scale, dropout, kind, Optional.of(value));
    }

    /** With another scale of the scores. */
    public Shape scaled(double value) {
      return new Shape(heads, keyHeads, size, value, dropout, kind, rotary);
    }
  }

  /** What attends to what. */
  public enum Kind {
    /** Every position to every position. */
    FULL,
    /** Every position to those before it and itself. */
    CAUSAL,
    /** Every position to all of the memory. */
    ACROSS
  }

  /** How the queries, keys and values of a joint projection lie. */
  public enum Joint {
    /** All queries, then all keys, then all values. */
    SIDE_BY_SIDE,
    /** Head by head, each with its query, key and value. */
    BY_HEAD
  }

  /** What the positions of queries and keys add to their scores, beyond their contents. */
  @FunctionalInterface
  public interface PositionScores {

    /**
     * Added to the scores: (N, heads, L, S).
     *
     * @param queries (N, heads, L, d)
     * @param keys (N, heads, S, d)
     */
    Tensor of(Tensor queries, Tensor keys);
  }

  private final Shape shape;
  private final Joint joint;
  private List<Child> inputs = List.of();
  private final Child keyPlace;
  private final Child valuePlace;
  private Optional<Child> output = Optional.empty();
  private Optional<PositionScores> positions = Optional.empty();

  /** An attention whose projections are still to be placed. */
  public SequenceAttention(Shape shape) {
    this(shape, Joint.SIDE_BY_SIDE);
  }

  /** As above, for a joint projection. */
  public SequenceAttention(Shape shape, Joint joint) {
    this.shape = shape;
    this.joint = joint;
    keyPlace = place("key_states", new Tokens(shape.keyHeads() * shape.size()));
    valuePlace = place("value_states", new Tokens(shape.keyHeads() * shape.size()));
  }

  /** Places three projections, of queries, keys and values. */
  public SequenceAttention inputs(List<String> names, List<Layer> layers) {
    inputs =
        IntStream.range(0, names.size()).mapToObj(i -> place(names.get(i), layers.get(i))).toList();
    return this;
  }

  /** Places the projection of the result, if it is this module's. */
  public SequenceAttention output(String name, Layer layer) {
    output = Optional.of(place(name, layer));
    return this;
  }

  /** Says what positions add to the scores. */
  public SequenceAttention scored(PositionScores value) {
    positions = Optional.of(value);
    return this;
  }

  @Override
  protected Tensor forward(Tensor x, Pass given) {
    Pass pass = shape.kind() == Kind.ACROSS ? given.across() : given;
    Tensor result = inputs.size() == 1 ? joint(x, pass) : separate(x, pass);
    return output.isPresent() ? output.get().apply(result) : result;
  }

  private Tensor separate(Tensor x, Pass pass) {
    Tensor queries = split(inputs.get(0).apply(x), shape.heads());
    if (shape.kind() == Kind.ACROSS) {
      return attend(queries, across(pass), pass);
    }
    Tensor keys = split(inputs.get(1).apply(x), shape.keyHeads());
    Tensor values = split(inputs.get(2).apply(x), shape.keyHeads());
    return attend(queries, keys, values, pass);
  }

  /** Keys and values of the memory; a cache keeps them, since the memory stays. */
  private KeyValues.Entry across(Pass pass) {
    KeyValues.Entry kept = pass.cache() == null ? null : pass.cache().of(this);
    if (kept != null) {
      return kept;
    }
    Tensor memory = pass.memory().states();
    Tensor keys = split(inputs.get(1).apply(memory), shape.keyHeads());
    Tensor values = split(inputs.get(2).apply(memory), shape.keyHeads());
    return pass.cache() == null
        ? new KeyValues.Entry(keys, values)
        : pass.cache().append(this, keys, values);
  }

  private Tensor joint(Tensor x, Pass pass) {
    Tensor projected = inputs.get(0).apply(x);
    long n = x.size(0);
    long length = x.size(1);
    Tensor parts =
        joint == Joint.SIDE_BY_SIDE
            ? projected.reshape(n, length, 3, shape.heads(), -1).permute(2, 0, 3, 1, 4)
            : projected.reshape(n, length, shape.heads(), 3, -1).permute(3, 0, 2, 1, 4);
    return attend(parts.select(0, 0), parts.select(0, 1), parts.select(0, 2), pass);
  }

  /** (N, L, heads * d) to (N, heads, L, d). */
  private static Tensor split(Tensor x, long heads) {
    return x.reshape(x.size(0), x.size(1), heads, -1).transpose(1, 2);
  }

  private Tensor attend(Tensor queries, Tensor keys, Tensor values, Pass pass) {
    Tensor turnedQueries = queries;
    Tensor turnedKeys = keys;
    if (shape.rotary().isPresent()) {
      Rotary rotary = shape.rotary().get();
      Rotary.Angles angles = rotary.angles(pass.past(), queries.size(2));
      turnedQueries = rotary.apply(queries, angles);
      turnedKeys = rotary.apply(keys, angles);
    }
    KeyValues.Entry entry =
        pass.cache() == null
            ? new KeyValues.Entry(turnedKeys, values)
            : pass.cache().append(this, turnedKeys, values);
    return attend(turnedQueries, entry, pass);
  }

  private Tensor attend(Tensor queries, KeyValues.Entry entry, Pass pass) {
    boolean causal = shape.kind() == Kind.CAUSAL;
    long length = queries.size(2);
    Tensor keys = through(keyPlace, entry.keys());
    Tensor values = through(valuePlace, entry.values());
    Pass scored =
        positions.isPresent() ? pass.withBias(positions.get().of(queries, entry.keys())) : pass;
    Tensor mask = scored.mask(length, keys.size(2), causal);
    Tensor result =
        Nn.attention(
            queries,
            repeated(keys),
            repeated(values),
            mask,
            causal && mask == null && length > 1,
            training() ? shape.dropout() : 0,
            shape.scale());
    return result.transpose(1, 2).flatten(2);
  }

  /** Where a method may put vectors in front of the keys or values that come through. */
  private Tensor through(Child place, Tensor heads) {
    return place.layer() instanceof Tokens && !Taps.active()
        ? heads
        : split(place.apply(heads.transpose(1, 2).flatten(2)), shape.keyHeads());
  }

  /** Each head of keys or values as often as heads of queries share it. */
  private Tensor repeated(Tensor heads) {
    long group = shape.heads() / shape.keyHeads();
    if (group == 1) {
      return heads;
    }
    long n = heads.size(0);
    long length = heads.size(2);
    return heads
        .unsqueeze(2)
        .expand(n, shape.keyHeads(), group, length, shape.size())
        .reshape(n, shape.heads(), length, shape.size());
  }
}
