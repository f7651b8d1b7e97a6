package dev.graft.examples.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.DataFolder;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.data.Dataset;
import dev.graft.infer.EvaluationResult;
import dev.graft.infer.Prediction;
import dev.graft.infer.Predictor;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions about made sentences, from the data to a bundle that is opened again. */
class QuestionsTest {

  private static final String[] NAMES = {"Ann", "Bob Hope", "Eve", "Tom Jones", "Zoë"};
  private static final String[] PLACES = {"Rome", "New York", "Graz", "Lima", "San Marino"};

  @TempDir private Path temp;

  private final Graft graft = Graft.create();

  private static Path encoder() {
    return SharedFolder.require("models/bert-tiny-imdb");
  }

  /** Each sentence answers who and where. */
  private Path questions(int sentences) throws IOException {
    Random random = new Random(1);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < sentences; i++) {
      String name = NAMES[random.nextInt(NAMES.length)];
      String place = PLACES[random.nextInt(PLACES.length)];
      String before = random.nextBoolean() ? "They say that " : "";
      String text = "%s%s lives in %s now.".formatted(before, name, place);
      boolean who = random.nextBoolean();
      lines.append(
          "{\"question\": \"%s\", \"context\": \"%s\", \"answer\": \"%s\"}%n"
              .formatted(who ? "Who is it?" : "Where is that?", text, who ? name : place));
    }
    return Files.writeString(temp.resolve("questions.jsonl"), lines);
  }

  @Test
  void answersAreFoundInSentences() throws IOException {
    Path data = questions(500);
    Fitted fitted =
        graft
            .transfer(encoder(), data)
            .method("fine-tune:lr=0.003,epochs=24")
            .seed(1)
            .fit(temp.resolve("run"));
    Map<String, Double> test = fitted.result().test();
    assertTrue(test.get("exact_match") > 0.95, "" + test);
    assertTrue(test.get("f1") >= test.get("exact_match"), "" + test);
    assertEquals(0, test.get("unseen_answers"));
    Path bundle = fitted.bundle().orElseThrow().folder();
    try (Predictor predictor = graft.predictor(bundle)) {
      String text = "They say that Tom Jones lives in New York now.";
      List<Prediction> found =
          predictor.predictInputs(
              List.of(asked("Who is it?", text), asked("Where is that?", text)), 1);
      assertEquals(
          List.of("Tom Jones", "New York"),
          found.stream().map(each -> each.spans().get(0).text()).toList());
      Prediction.Span place = found.get(1).spans().get(0);
      assertEquals("New York", text.substring(place.from(), place.to()));
      Dataset all = DataFolder.open(data, "", Map.of(), graft.registry()).training();
      EvaluationResult again = predictor.evaluate(all);
      assertTrue(again.metrics().get("exact_match") > 0.95, "" + again.metrics());
      String alone =
          assertThrows(
                  IllegalArgumentException.class, () -> predictor.predictInputs(List.of("Who?"), 1))
              .getMessage();
      assertTrue(alone.contains("reads a question and a text"), alone);
    }
  }

  private static String asked(String question, String text) {
    return "{\"question\": \"%s\", \"context\": \"%s\"}".formatted(question, text);
  }

  @Test
  void aDecoderOfTranslationsIsRefused() throws IOException {
    Files.writeString(
        temp.resolve("config.json"),
        "{\"model_type\": \"t5\", \"vocab_size\": 8192, \"d_model\": 8, \"d_kv\": 4, \"d_ff\": 8,"
            + " \"num_layers\": 1, \"num_heads\": 2}");
    Files.copy(encoder().resolve("vocab.txt"), temp.resolve("vocab.txt"));
    Path data = questions(20);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> graft.transfer(temp, data).method("from-scratch").explain())
            .getMessage();
    assertTrue(message.contains("beginnings and ends"), message);
  }
}
