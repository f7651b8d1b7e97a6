package dev.graft.text.generate;

import dev.graft.tensor.Autograd;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.KeyValues;
import dev.graft.text.block.Pass;
import dev.graft.text.block.WordModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/**
 * Goes on with a sequence of token ids. With a cache each step computes one position; without it
 * every step computes all of them, to the same result.
 */
final class Continuation {

  private final WordModel network;
  private final Set<Long> ends;
  private final boolean cached;
  private final Pass pass;

  /**
   * Over a network.
   *
   * @param ends ids that end a sequence
   * @param cached whether keys and values are kept between steps
   */
  Continuation(WordModel network, Set<Long> ends, boolean cached) {
    this(network, ends, cached, Pass.PLAIN);
  }

  /**
   * Over a network that reads more than the sequence.
   *
   * @param pass what every step reads, a memory of one sequence
   */
  Continuation(WordModel network, Set<Long> ends, boolean cached, Pass pass) {
    this.network = network;
    this.pass = pass;
    this.ends = Set.copyOf(ends);
    this.cached = cached;
  }

  /**
   * One token after another.
   *
   * @param heard hears of each, and may have enough
   * @return the new ids, without the one that ended it
   */
  long[] sample(long[] prompt, int count, Choice choice, RandomGenerator random, Listener heard) {
    long[] ids = prompt;
    try (KeyValues cache = new KeyValues();
        Autograd off = Autograd.off()) {
      for (int i = 0; i < count; i++) {
        long next = choice.pick(logits(ids, cache), random);
        if (ends.contains(next)) {
          break;
        }
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = next;
        if (heard.enough(next)) {
          break;
        }
      }
    }
    return Arrays.copyOfRange(ids, prompt.length, ids.length);
  }

  /** Hears of new tokens. */
  interface Listener {

    /** Takes a token; true ends the generation. */
    boolean enough(long id);

    /** Hears, and never has enough. */
    static Listener of(LongConsumer consumer) {
      return id -> {
        consumer.accept(id);
        return false;
      };
    }
  }

  private float[] logits(long[] ids, KeyValues cache) {
    try (Scope scope = Scope.open()) {
      if (!cached) {
        return network.next(Tensor.of(ids, 1, ids.length), pass).toFloats();
      }
      long[] fresh = Arrays.copyOfRange(ids, (int) cache.length(), ids.length);
      return network.next(Tensor.of(fresh, 1, fresh.length), pass.withCache(cache)).toFloats();
    }
  }

  /**
   * A sequence that is followed.
   *
   * @param ids with the prompt, and with the id that ended it
   * @param score sum of the logarithms of the probabilities of its new ids
   * @param from row of the sequence it continues
   */
  private record Beam(long[] ids, double score, int from) {

    double ranked(double penalty, int prompt) {
      return score / Math.pow(Math.max(1, ids.length - prompt), penalty);
    }

    boolean endsWithOneOf(Set<Long> ends) {
      return ends.contains(ids[ids.length - 1]);
    }
  }

  /**
   * The best of several sequences that are followed side by side, until as many have ended. Keys
   * and values are always kept between steps.
   *
   * @param width number of them
   * @param penalty power of the length, an end included, by which a score is divided
   * @return the new ids, without the one that ended it
   */
  long[] beams(long[] prompt, int count, int width, double penalty) {
    List<Beam> open = List.of(new Beam(prompt, 0, 0));
    List<Beam> closed = new ArrayList<>();
    Comparator<Beam> order =
        Comparator.comparingDouble((Beam beam) -> -beam.ranked(penalty, prompt.length));
    try (KeyValues cache = new KeyValues();
        Autograd off = Autograd.off()) {
      for (int step = 0; step < count && !open.isEmpty() && closed.size() < width; step++) {
        List<Beam> next = new ArrayList<>();
        List<Beam> candidates = extended(open, cache, width);
        for (int i = 0; i < candidates.size() && next.size() < width; i++) {
          Beam beam = candidates.get(i);
          if (!beam.endsWithOneOf(ends)) {
            next.add(beam);
          } else if (i < width) {
            closed.add(beam);
          }
        }
        open = next;
        if (!open.isEmpty()) {
          try (Scope scope = Scope.open()) {
            long[] rows = open.stream().mapToLong(Beam::from).toArray();
            cache.reorder(Tensor.of(rows, rows.length));
          }
        }
      }
    }
    if (closed.size() < width) {
      closed.addAll(open);
    }
    Beam best = closed.stream().min(order).orElseThrow();
    int end = best.ids.length - (best.endsWithOneOf(ends) ? 1 : 0);
    return Arrays.copyOfRange(best.ids, prompt.length, end);
  }

  /** The likeliest continuations of all beams by one token, best first. */
  private List<Beam> extended(List<Beam> beams, KeyValues cache, int width) {
    List<Beam> candidates = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      int length = beams.get(0).ids.length;
      int fresh = length - (int) cache.length();
      long[] ids = new long[beams.size() * fresh];
      for (int i = 0; i < beams.size(); i++) {
        System.arraycopy(beams.get(i).ids, length - fresh, ids, i * fresh, fresh);
      }
      Tensor logits = network.next(Tensor.of(ids, beams.size(), fresh), pass.withCache(cache));
      Tensor.TopK best = Nn.logSoftmax(logits, -1).topk(Math.min(2L * width, logits.size(1)));
      float[] values = best.values().toFloats();
      long[] tokens = best.indices().toLongs();
      int each = tokens.length / beams.size();
      for (int i = 0; i < tokens.length; i++) {
        Beam beam = beams.get(i / each);
        long[] longer = Arrays.copyOf(beam.ids, length + 1);
        longer[length] = tokens[i];
        candidates.add(new Beam(longer, beam.score + values[i], i / each));
      }
    }
    candidates.sort(Comparator.comparingDouble((Beam beam) -> -beam.score));
    return candidates.subList(0, Math.min(2 * width, candidates.size()));
  }
}
