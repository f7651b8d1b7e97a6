package dev.graft.examples.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.DataFolder;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.infer.EvaluationResult;
import dev.graft.infer.Prediction;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorException;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private static String asked(String question, String text) {
    return "{\"question\": \"%s\", \"context\": \"%s\"}".formatted(question, text);
  }

  /** An encoder that reads 32 tokens at once; the contexts have up to twice as many. */
  private Path shortSighted() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("base"));
    for (String name : List.of("config.json", "model.safetensors", "vocab.txt")) {
      Files.copy(encoder().resolve(name), folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"do_lower_case\": true, \"model_max_length\": 32}");
    return folder;
  }

  private static String around(String text, int before, int after) {
    String other = "The weather is fine and nobody says a word. ";
    return other.repeat(before) + text + " " + other.repeat(after);
  }

  @Test
  void answersAreFoundInTextsThatFitAndInPartsOfThoseThatDoNot() throws IOException {
    Random random = new Random(2);
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(questions(500))) {
      String text = line.replaceAll(".*\"context\": \"([^\"]*)\".*", "$1");
      lines.add(line.replace(text, around(text, random.nextInt(4), random.nextInt(3))));
    }
    Path data = Files.write(temp.resolve("long.jsonl"), lines);
    Fitted fitted =
        graft
            .transfer(shortSighted(), data)
            .method("fine-tune:lr=0.003,epochs=24")
            .seed(1)
            .fit(temp.resolve("run"));
    Map<String, Double> test = fitted.result().test();
    assertTrue(test.get("exact_match") > 0.95, "" + test);
    assertTrue(test.get("f1") >= test.get("exact_match"), "" + test);
    assertEquals(0, test.get("unseen_answers"));
    Predictor predictor = graft.predictor(fitted.bundle().orElseThrow().folder());
    Example late = predictor.decode("late", asked("Who?", "Ann.").getBytes(StandardCharsets.UTF_8));
    try (predictor) {
      Dataset all = DataFolder.open(data, "", Map.of(), graft.registry()).training();
      EvaluationResult again = predictor.evaluate(all);
      assertEquals(all.size(), again.evaluation().indices().length);
      assertTrue(again.metrics().get("exact_match") > 0.95, "" + again.metrics());
      String text = "They say that Zoë lives in San Marino now.";
      answersStandWhereTheySay(predictor, text);
      answersStandWhereTheySay(predictor, around(text, 3, 2));
      String alone =
          assertThrows(
                  IllegalArgumentException.class, () -> predictor.predictInputs(List.of("Who?"), 1))
              .getMessage();
      assertTrue(alone.contains("reads a question and a text"), alone);
    }
    assertThrows(PredictorException.class, () -> predictor.submit(late, 1));
  }

  /** Asked alone, together and in the queue. */
  private static void answersStandWhereTheySay(Predictor predictor, String text)
      throws IOException {
    List<String> inputs = List.of(asked("Who is it?", text), asked("Where is that?", text));
    List<Prediction> found = predictor.predictInputs(inputs, 1);
    assertEquals(
        List.of("Zoë", "San Marino"),
        found.stream().map(each -> each.spans().get(0).text()).toList());
    Prediction.Span place = found.get(1).spans().get(0);
    assertEquals("San Marino", text.substring(place.from(), place.to()));
    Example example = predictor.decode("it", inputs.get(1).getBytes(StandardCharsets.UTF_8));
    Prediction.Span queued = predictor.submit(example, 1).join().spans().get(0);
    assertEquals(place.from(), queued.from());
    assertEquals(place.probability(), queued.probability(), 1e-5);
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
