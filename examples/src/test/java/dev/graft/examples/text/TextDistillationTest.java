package dev.graft.examples.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.infer.Prediction;
import dev.graft.infer.Predictor;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An encoder is adapted to texts, and a smaller one learns from it what it never saw a label of.
 */
class TextDistillationTest {

  private static final String[] THINGS = {"film", "story", "cast", "music", "ending", "plot"};
  private static final List<String> GOOD =
      List.of("wonderful", "great", "excellent", "superb", "brilliant", "perfect");
  private static final List<String> BAD =
      List.of("terrible", "awful", "boring", "horrible", "stupid", "worst");
  private static final List<String> ENDS = List.of("", " to me", " in the end", " all the time");

  @TempDir private Path temp;

  private final Graft graft = Graft.create();

  private static Path encoder() {
    return SharedFolder.require("models/bert-tiny-imdb");
  }

  private static String pick(List<String> words, Random random) {
    return words.get(random.nextInt(words.size()));
  }

  /** Texts of two classes, {@code 1} of praise and {@code 0}. */
  private static List<String> texts(int count, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "the %s was %s%s"
                    .formatted(
                        THINGS[random.nextInt(THINGS.length)],
                        pick(i % 2 == 0 ? GOOD : BAD, random),
                        pick(ENDS, random)))
        .toList();
  }

  private static String table(List<String> texts) {
    StringBuilder table = new StringBuilder("label\ttext\n");
    for (int i = 0; i < texts.size(); i++) {
      table.append((i + 1) % 2).append('\t').append(texts.get(i)).append('\n');
    }
    return table.toString();
  }

  private Path data(List<String> test) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("data"));
    Files.writeString(folder.resolve("train.tsv"), table(texts(300, 1)));
    Files.writeString(folder.resolve("test.tsv"), table(test));
    return folder;
  }

  /** One block of a quarter of the width, of the same words, without weights. */
  private Path student() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("student"));
    Files.copy(encoder().resolve("vocab.txt"), folder.resolve("vocab.txt"));
    String config =
        Files.readString(encoder().resolve("config.json"))
            .replace("\"hidden_size\": 128", "\"hidden_size\": 32")
            .replace("\"intermediate_size\": 512", "\"intermediate_size\": 64")
            .replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
    Files.writeString(folder.resolve("config.json"), config);
    return folder;
  }

  private List<String> labels(Path bundle, List<String> texts) throws IOException {
    try (Predictor predictor = graft.predictor(bundle)) {
      List<Prediction> predictions = predictor.predictInputs(texts, 1);
      return predictions.stream().map(each -> each.top().get(0).label()).toList();
    }
  }

  @Test
  void aSmallEncoderSaysWhatItsTeacherSays() throws IOException {
    List<String> test = texts(100, 2);
    Path data = data(test);
    Fitted teacher =
        graft
            .transfer(encoder(), data)
            .method("fine-tune:lr=0.001,epochs=3")
            .seed(1)
            .fit(temp.resolve("teacher"));
    Path large = teacher.bundle().orElseThrow().folder();
    assertTrue(teacher.result().test().get("roc_auc") > 0.9, "" + teacher.result().test());

    // Without the labels: what the student knows it has from its teacher.
    Fitted small =
        graft
            .transfer(student(), data)
            .teacher(large)
            .method("from-scratch:lr=0.005,epochs=10,kd:task_weight=0")
            .seed(1)
            .fit(temp.resolve("run"));
    long parameters = small.result().parameters();
    long all = teacher.result().parameters();
    assertTrue(parameters < all / 3, parameters + " of " + all);

    Path bundle = small.bundle().orElseThrow().folder();
    List<String> taught = labels(large, test);
    List<String> learned = labels(bundle, test);
    assertEquals(Set.of("0", "1"), taught.stream().collect(Collectors.toSet()));
    long same =
        IntStream.range(0, test.size()).filter(i -> taught.get(i).equals(learned.get(i))).count();
    assertTrue(same >= 85, same + " of " + test.size() + " texts as the teacher says");
    assertEquals("1", labels(bundle, List.of("the film was superb")).get(0));
  }
}
