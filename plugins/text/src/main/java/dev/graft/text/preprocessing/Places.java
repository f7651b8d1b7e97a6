package dev.graft.text.preprocessing;

import static dev.graft.task.sequence.QuestionAnswering.BEGINS;
import static dev.graft.task.sequence.QuestionAnswering.CONTEXT;
import static dev.graft.task.sequence.QuestionAnswering.ENDS;

import dev.graft.task.sequence.TokenClassification;
import dev.graft.tensor.HostTensor;
import dev.graft.text.token.Tokens;
import java.util.Map;

/** Where parts of a text stand in its tokens. */
final class Places {

  private Places() {}

  /** Where words begin in the tokens; a word that no token begins in is lost. */
  static long[] wordStarts(int[] spans, Tokens tokens) {
    long[] starts = new long[spans.length / 2];
    int token = 0;
    for (int word = 0; word < starts.length; word++) {
      while (token < tokens.size() && isBefore(tokens, token, spans[2 * word])) {
        token++;
      }
      boolean inside =
          token < tokens.size()
              && tokens.segments()[token] == 0
              && tokens.begins()[token] < spans[2 * word + 1];
      starts[word] = inside ? token : TokenClassification.LOST;
    }
    return starts;
  }

  /** True of special tokens of the first text, and of those that end in front of a word. */
  private static boolean isBefore(Tokens tokens, int token, int begin) {
    return tokens.segments()[token] == 0 && tokens.ends()[token] <= begin;
  }

  /** A one for each token that begins in an answer. */
  static HostTensor learned(long[] answers, Tokens tokens) {
    long[] learned = new long[tokens.size()];
    for (int i = 0; i < learned.length; i++) {
      for (int a = 0; a < answers.length; a += 2) {
        boolean inside = tokens.ends()[i] > answers[a] && tokens.begins()[i] < answers[a + 1];
        learned[i] = tokens.sides()[i] == 0 && inside ? 1 : learned[i];
      }
    }
    return HostTensor.of(learned, learned.length);
  }

  /** The second text, and where in it each token stands. */
  static Map<String, HostTensor> contextOf(String context, Tokens tokens) {
    long[] begins = new long[tokens.size()];
    long[] ends = new long[tokens.size()];
    for (int i = 0; i < begins.length; i++) {
      boolean inside = tokens.sides()[i] == 1;
      begins[i] = inside ? tokens.begins()[i] : -1;
      ends[i] = inside ? tokens.ends()[i] : -1;
    }
    long[] characters = context.codePoints().asLongStream().toArray();
    return Map.of(
        BEGINS, HostTensor.of(begins, begins.length),
        ENDS, HostTensor.of(ends, ends.length),
        CONTEXT, HostTensor.of(characters, characters.length));
  }
}
