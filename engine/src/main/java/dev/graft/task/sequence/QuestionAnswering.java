package dev.graft.task.sequence;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.TargetKind;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.model.HeadInput;
import dev.graft.task.Metric;
import dev.graft.task.Metrics;
import dev.graft.task.Task;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/**
 * Where in a text the answer to a question stands: at which position it begins and at which it
 * ends; loss is the mean of both cross entropies (Devlin et al. 2019).
 *
 * <p>A text that is too long for the network is read in parts that overlap. In training one of them
 * is drawn each time; where it does not hold the whole answer, the first position is to say so, and
 * what that position is given makes a part's answers the less likely. Of the answers of all parts
 * the likeliest counts. {@code unseen_answers} counts the examples that are evaluated whose answer
 * was in no part, because the question left no room.
 *
 * <p>Scores of an example are the probability of the likeliest answer, the number of characters of
 * the text that are seen, and the answer itself as a row of {@link AnswerSpan}.
 */
public record QuestionAnswering() implements Task {

  /** Id of this task. */
  public static final String ID = "question-answering";

  /**
   * Name of the input that says for each position at which character of the text it begins, (N, L)
   * INT64; −1 where it is no part of the text.
   */
  public static final String BEGINS = "context_begins";

  /** The same for the character behind its last one. */
  public static final String ENDS = "context_ends";

  /** Name of the input that holds the text itself: code points, (N, C) INT64, then −1. */
  public static final String CONTEXT = "context";

  /** Id of the augmentation that reads a part at random of what is too long. */
  public static final String RANDOM_PART = "random-part";

  /** Longer answers, in positions, are not considered. */
  private static final int LONGEST = 30;

  @Override
  public String id() {
    return ID;
  }

  @Override
  public TargetKind targetKind() {
    return TargetKind.ANSWERS;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of();
  }

  @Override
  public List<String> labels() {
    return List.of();
  }

  @Override
  public long outputs() {
    return 2;
  }

  @Override
  public Layer head(long features) {
    return new Linear(features, outputs());
  }

  @Override
  public HeadInput headInput() {
    return HeadInput.SPAN;
  }

  @Override
  public Set<String> reads() {
    return Set.of(BEGINS, ENDS, CONTEXT);
  }

  /** Parts at random, if the preprocessing reads texts so. */
  @Override
  public String augmentation(Preprocessing preprocessing) {
    return preprocessing.augmentations().contains(RANDOM_PART)
        ? RANDOM_PART
        : preprocessing.usualAugmentation();
  }

  @Override
  public List<Example> parts(Example raw, Preprocessing preprocessing) {
    return preprocessing.parts(raw);
  }

  /** The likeliest answer; what is seen of the text is what the parts together see. */
  @Override
  public double[] ofParts(List<double[]> parts) {
    double[] best = parts.get(0);
    double seen = best[1];
    for (double[] part : parts) {
      best = part[0] > best[0] ? part : best;
      seen = Math.max(seen, part[1]);
    }
    double[] scores = best.clone();
    scores[1] = seen;
    return scores;
  }

  /**
   * {@code labels} (N, 2): first and last position of the first answer of each row; twice the first
   * position where not all of the answer is there.
   */
  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    Context context = Context.of(inputs);
    long[] labels = new long[2 * rows.length];
    for (int i = 0; i < rows.length; i++) {
      AnswerSpan answer = AnswerSpan.of(rows[i]).get(0);
      int first = context.first(i, answer);
      int last = context.last(i, answer);
      if (first <= last && answer.begin() >= context.from(i) && answer.end() <= context.seen(i)) {
        labels[2 * i] = first;
        labels[2 * i + 1] = last;
      }
    }
    return NamedTensors.of("labels", Tensor.of(labels, rows.length, 2));
  }

  @Override
  public Tensor loss(NamedTensors outputs, NamedTensors targets) {
    Tensor logits = outputs.get("logits");
    Tensor labels = targets.get("labels");
    Tensor begin = Nn.crossEntropy(logits.select(2, 0), labels.select(1, 0), 0);
    return begin.add(Nn.crossEntropy(logits.select(2, 1), labels.select(1, 1), 0)).div(2);
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    Context context = Context.of(inputs);
    try (Scope scope = Scope.open()) {
      Tensor logits = outputs.get("logits").detach().to(DType.FLOAT32);
      Tensor begins = inputs.get(BEGINS);
      Tensor outside = begins.narrow(1, 1, begins.size(1) - 1).lt(0).to(DType.FLOAT32).mul(-1e9);
      Tensor hidden = Tensor.cat(List.of(Tensor.zeros(begins.size(0), 1), outside), 1);
      float[] begin = Nn.softmax(logits.select(2, 0).add(hidden), -1).toFloats();
      float[] end = Nn.softmax(logits.select(2, 1).add(hidden), -1).toFloats();
      double[][] rows = new double[(int) logits.size(0)][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = best(context, i, begin, end);
      }
      return rows;
    }
  }

  /** The likeliest beginning and end that make an answer. */
  private static double[] best(Context context, int row, float[] begin, float[] end) {
    int from = row * context.length();
    double highest = 0;
    int first = -1;
    int last = -1;
    for (int i = 0; i < context.length(); i++) {
      int stop = Math.min(context.length(), i + LONGEST);
      for (int j = i; context.holds(row, i) && j < stop && context.holds(row, j); j++) {
        double probability = (double) begin[from + i] * end[from + j];
        if (probability > highest) {
          highest = probability;
          first = i;
          last = j;
        }
      }
    }
    AnswerSpan answer = first < 0 ? AnswerSpan.NONE : context.answer(row, first, last);
    double[] known = AnswerSpan.row(List.of(answer));
    double[] scores = new double[2 + known.length];
    scores[0] = highest;
    scores[1] = context.seen(row);
    System.arraycopy(known, 0, scores, 2, known.length);
    return scores;
  }

  /** The answer that scores hold. */
  public static AnswerSpan answer(double[] scores) {
    return AnswerSpan.of(Arrays.copyOfRange(scores, 2, scores.length)).get(0);
  }

  /** True if the answer has the words of a true one, whatever their case and punctuation. */
  public static boolean isRight(double[] scores, double[] truth) {
    AnswerSpan answer = answer(scores);
    return AnswerSpan.of(truth).stream().anyMatch(each -> each.words().equals(answer.words()));
  }

  private static double f1(AnswerSpan answer, double[] truth) {
    return AnswerSpan.of(truth).stream().mapToDouble(answer::overlap).max().orElse(0);
  }

  private static boolean isUnseen(double[] scores, double[] truth) {
    return AnswerSpan.of(truth).get(0).end() > scores[1];
  }

  /** As SQuAD has them: of several true answers the best counts. */
  @Override
  public List<Metric> metrics() {
    return List.of(
        Metrics.ofRows("exact_match", true, (s, t) -> mean(s, t, (a, b) -> isRight(a, b) ? 1 : 0)),
        Metrics.ofRows("f1", true, (s, t) -> mean(s, t, (a, b) -> f1(answer(a), b))),
        Metrics.ofRows(
            "unseen_answers",
            false,
            (s, t) -> s.length * mean(s, t, (a, b) -> isUnseen(a, b) ? 1 : 0)));
  }

  private static double mean(
      double[][] scores, double[][] truth, ToDoubleBiFunction<double[], double[]> figure) {
    return IntStream.range(0, scores.length)
        .mapToDouble(i -> figure.applyAsDouble(scores[i], truth[i]))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * What the positions of a batch are of the texts.
   *
   * @param length L
   */
  private record Context(long[] begins, long[] ends, long[] text, int length) {

    static Context of(NamedTensors inputs) {
      if (!inputs.has(BEGINS)) {
        throw new IllegalArgumentException(
            ID + " reads a question and a text that answers it; this input is one text alone");
      }
      Tensor begins = inputs.get(BEGINS);
      return new Context(
          begins.toLongs(),
          inputs.get(ENDS).toLongs(),
          inputs.get(CONTEXT).toLongs(),
          (int) begins.size(1));
    }

    boolean holds(int row, int position) {
      return begins[row * length + position] >= 0;
    }

    private boolean touches(int row, int position, AnswerSpan answer) {
      int at = row * length + position;
      return begins[at] >= 0 && ends[at] > answer.begin() && begins[at] < answer.end();
    }

    int first(int row, AnswerSpan answer) {
      int position = 0;
      while (position < length && !touches(row, position, answer)) {
        position++;
      }
      return position;
    }

    int last(int row, AnswerSpan answer) {
      int position = length - 1;
      while (position >= 0 && !touches(row, position, answer)) {
        position--;
      }
      return position;
    }

    /** The first character that a position holds. */
    long from(int row) {
      return Arrays.stream(begins, row * length, (row + 1) * length)
          .filter(begin -> begin >= 0)
          .min()
          .orElse(0);
    }

    /** The character behind the last one that a position holds. */
    long seen(int row) {
      return Arrays.stream(ends, row * length, (row + 1) * length).max().orElse(0);
    }

    AnswerSpan answer(int row, int first, int last) {
      int begin = (int) begins[row * length + first];
      int end = (int) ends[row * length + last];
      int width = text.length / (begins.length / length);
      StringBuilder characters = new StringBuilder();
      for (int i = begin; i < end; i++) {
        characters.appendCodePoint((int) text[row * width + i]);
      }
      return new AnswerSpan(begin, end, characters.toString());
    }
  }
}
