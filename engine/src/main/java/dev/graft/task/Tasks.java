package dev.graft.task;

import dev.graft.data.Dataset;
import dev.graft.task.sequence.CausalLanguageModelling;
import dev.graft.task.sequence.MaskedLanguageModelling;
import dev.graft.task.sequence.QuestionAnswering;
import dev.graft.task.sequence.SequenceToSequence;
import dev.graft.task.sequence.TokenClassification;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Builds tasks from their settings, or for data. */
public final class Tasks {

  private static final List<String> IDS =
      List.of(
          Classification.ID,
          Regression.ID,
          MultiLabel.ID,
          TokenClassification.ID,
          CausalLanguageModelling.ID,
          MaskedLanguageModelling.ID,
          QuestionAnswering.ID,
          SequenceToSequence.ID,
          MultiTask.ID);

  private Tasks() {}

  /**
   * The task that labelled examples are for.
   *
   * @throws IllegalArgumentException if they have no targets, or nothing can be learned from them
   */
  public static Task forData(Dataset training) {
    return switch (training.targetKind()) {
      case CLASS -> new Classification(training.classes());
      case NUMBER -> regression(training);
      case TAGS -> new TokenClassification(training.classes());
      case NEXT_WORD -> new CausalLanguageModelling();
      case LABELS -> new MultiLabel(training.classes());
      case ANSWERS -> new QuestionAnswering();
      case TEXT -> new SequenceToSequence();
      case MASKED_WORDS -> new MaskedLanguageModelling();
    };
  }

  private static Task regression(Dataset training) {
    if (Double.isNaN(training.target(0))) {
      throw new IllegalArgumentException(
          "the data have no labels; what is learned from needs them, and unlabelled examples are"
              + " asked for as 'unlabelled' beside it");
    }
    double[] targets = IntStream.range(0, training.size()).mapToDouble(training::target).toArray();
    double mean = Arrays.stream(targets).sum() / targets.length;
    double square = Arrays.stream(targets).map(each -> each * each).sum() / targets.length;
    return new Regression(mean, Math.sqrt(square - mean * mean));
  }

  /**
   * The task of an id.
   *
   * @throws IllegalArgumentException if there is none, or a setting is missing or of another type;
   *     the message lists what exists
   */
  public static Task of(String id, Map<String, Object> settings) {
    return switch (id) {
      case Classification.ID -> new Classification(texts(settings, "labels"));
      case Regression.ID -> new Regression(number(settings, "mean"), number(settings, "std"));
      case MultiLabel.ID -> new MultiLabel(texts(settings, "labels"));
      case TokenClassification.ID -> new TokenClassification(texts(settings, "labels"));
      case CausalLanguageModelling.ID -> new CausalLanguageModelling();
      case QuestionAnswering.ID -> new QuestionAnswering();
      case SequenceToSequence.ID -> new SequenceToSequence();
      case MaskedLanguageModelling.ID -> new MaskedLanguageModelling();
      case MultiTask.ID -> MultiTask.of(settings);
      default ->
          throw new IllegalArgumentException("no task '%s'; there are %s".formatted(id, IDS));
    };
  }

  private static double number(Map<String, Object> settings, String key) {
    if (settings.get(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(settings, key, "a number");
  }

  private static List<String> texts(Map<String, Object> settings, String key) {
    if (settings.get(key) instanceof List<?> list
        && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw wrong(settings, key, "a list of texts");
  }

  private static IllegalArgumentException wrong(
      Map<String, Object> settings, String key, String wanted) {
    return new IllegalArgumentException(
        "setting '%s' of the task is %s, it must be %s; there are %s"
            .formatted(key, settings.get(key), wanted, settings.keySet()));
  }
}
