package dev.graft.text.preprocessing;

import dev.graft.text.token.TextTokenizer;
import dev.graft.text.token.Tokens;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Hides words of a text as BERT's pretraining does (Devlin et al. 2019): 15 of 100 tokens, at least
 * one; of these 80 of 100 become the mask, 10 any other token, and 10 stay.
 *
 * @param mask id of the mask
 * @param vocabulary number of ids
 */
record Masking(long mask, long vocabulary) {

  private static final double HIDDEN = 0.15;
  private static final double MASKED = 0.8;
  private static final double REPLACED = 0.1;

  /**
   * What a network reads and what it is to say.
   *
   * @param ids with some tokens hidden
   * @param labels what the hidden ones were; elsewhere a number that counts nothing
   */
  record Hidden(long[] ids, long[] labels) {}

  /** Of a tokenizer; empty where it has no mask. */
  static Optional<Masking> of(TextTokenizer tokenizer) {
    for (String name : new String[] {"[MASK]", "<mask>"}) {
      OptionalLong id = tokenizer.special(name);
      if (id.isPresent()) {
        return Optional.of(new Masking(id.getAsLong(), tokenizer.vocabularySize()));
      }
    }
    return Optional.empty();
  }

  Hidden hide(Tokens tokens, RandomGenerator random) {
    long[] ids = tokens.ids().clone();
    long[] labels = new long[ids.length];
    Arrays.fill(labels, TextPreprocessing.NO_LABEL);
    int[] words = words(tokens);
    int hidden = 0;
    for (int at : words) {
      if (random.nextDouble() < HIDDEN) {
        hide(at, ids, labels, random);
        hidden++;
      }
    }
    if (hidden == 0 && words.length > 0) {
      hide(words[random.nextInt(words.length)], ids, labels, random);
    }
    return new Hidden(ids, labels);
  }

  /** Positions of the tokens of the text itself. */
  private static int[] words(Tokens tokens) {
    return IntStream.range(0, tokens.size()).filter(i -> tokens.sides()[i] >= 0).toArray();
  }

  private void hide(int at, long[] ids, long[] labels, RandomGenerator random) {
    labels[at] = ids[at];
    double draw = random.nextDouble();
    if (draw < MASKED) {
      ids[at] = mask;
    } else if (draw < MASKED + REPLACED) {
      ids[at] = random.nextLong(vocabulary);
    }
  }
}
