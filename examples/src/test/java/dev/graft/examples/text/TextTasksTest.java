package dev.graft.examples.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Base;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.infer.Prediction;
import dev.graft.infer.Predictor;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.spi.Generator;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks over texts whose targets are more than one number, from data that are made here to a bundle
 * that is opened again.
 */
class TextTasksTest {

  private static final String[] PLACES = {"Rome", "New York", "Graz", "Lima", "San Marino"};
  private static final String[] NAMES = {"Ann", "Bob Hope", "Eve", "Tom Jones"};

  @TempDir private Path temp;

  private final Graft graft = Graft.create();

  private static Path encoder() {
    return SharedFolder.require("models/bert-tiny-imdb");
  }

  private static Path decoder() {
    return SharedFolder.require("models/stories260k-llama");
  }

  // ---- tags of words ----

  private static void tagged(StringBuilder conll, String words, String type) {
    String[] parts = words.split(" ");
    for (int i = 0; i < parts.length; i++) {
      String tag = type.isEmpty() ? "O" : (i == 0 ? "B-" : "I-") + type;
      conll.append(parts[i]).append('\t').append(tag).append('\n');
    }
  }

  private Path sentences() throws IOException {
    Random random = new Random(1);
    StringBuilder conll = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      tagged(conll, NAMES[random.nextInt(NAMES.length)], "person");
      tagged(conll, random.nextBoolean() ? "lives in" : "never went to", "");
      tagged(conll, PLACES[random.nextInt(PLACES.length)], "place");
      tagged(conll, ".", "");
      conll.append('\n');
    }
    return Files.writeString(temp.resolve("names.conll"), conll);
  }

  @Test
  void entitiesAreFoundMarkedAndNamed() throws IOException {
    Fitted fitted =
        graft
            .transfer(encoder(), sentences())
            .method("fine-tune:lr=0.003,epochs=12")
            .seed(1)
            .fit(temp.resolve("run"));
    double f1 = fitted.result().test().get("entity_f1");
    assertTrue(f1 > 0.95, "entities of two patterns: " + f1);
    assertEquals(0, fitted.result().test().get("lost_words"));
    Path bundle = fitted.bundle().orElseThrow().folder();
    assertTrue(Files.readString(bundle.resolve("report.html")).contains("<mark class=\"right\">"));
    try (Predictor predictor = graft.predictor(bundle)) {
      Prediction found = predictor.predictInputs(List.of("Bob Hope lives in New York ."), 1).get(0);
      assertEquals(
          List.of("person: Bob Hope", "place: New York"),
          found.spans().stream().map(span -> span.label() + ": " + span.text()).toList());
    }
  }

  @Test
  void theHeadAloneCanLearnTags() throws IOException {
    Fitted fitted =
        graft
            .transfer(encoder(), sentences())
            .method("linear-probe")
            .seed(1)
            .fit(temp.resolve("run"));
    assertTrue(fitted.result().test().get("entity_f1") > 0.3, "" + fitted.result().test());
  }

  // ---- the next word ----

  private Path telegrams() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      text.append("ARRIVED IN ")
          .append(PLACES[random.nextInt(PLACES.length)].toUpperCase(Locale.ROOT));
      text.append(" STOP MONEY GONE STOP SEND ").append(10 * (1 + random.nextInt(5)));
      text.append(" AT ONCE STOP\n\n");
    }
    return Files.writeString(temp.resolve("telegrams.txt"), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora:targets=all,lr=0.01,epochs=3", "fine-tune:lr=0.01,epochs=4"})
  void aStoryTellerLearnsToWriteTelegrams(String method) throws IOException {
    Fitted fitted =
        graft.transfer(decoder(), telegrams()).method(method).seed(1).fit(temp.resolve("run"));
    double before = fitted.result().history().get(0).validation().get("perplexity");
    double after = fitted.result().test().get("perplexity");
    assertTrue(after < before / 4, before + " before, " + after + " after");
    Path bundle = fitted.bundle().orElseThrow().folder();
    String text = written(bundle, "ARRIVED IN");
    assertTrue(text.contains("STOP MONEY"), text);
    assertFalse(written(decoder(), "ARRIVED IN").contains("STOP MONEY"));
    try (Predictor predictor = graft.predictor(bundle)) {
      List<String> texts = List.of("ARRIVED IN ROME STOP", "Once upon a time");
      List<Prediction> surprise = predictor.predictInputs(texts, 1);
      assertTrue(surprise.get(0).value() < surprise.get(1).value(), "" + surprise);
    }
  }

  private String written(Path folder, String prompt) throws IOException {
    Base base = Base.open(folder, Map.of(), graft.registry());
    try (Model model = base.pretrained()) {
      Generator generator = graft.registry().all(Generator.class).iterator().next();
      return generator.generate(
          new Generator.Request(model, base.preprocessing(), prompt),
          Settings.of("max_tokens", 60).checked("text", generator.settings()),
          piece -> {});
    }
  }

  @Test
  void anEncoderIsRefusedAsALanguageModel() throws IOException {
    Path texts = telegrams();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> graft.transfer(encoder(), texts).method("fine-tune").explain())
            .getMessage();
    assertTrue(message.contains("needs a decoder with its head over words"), message);
  }

  // ---- any labels ----

  @ParameterizedTest
  @ValueSource(strings = {"fine-tune:lr=0.003,epochs=12", "linear-probe"})
  void aTextMayHaveAnyLabels(String method) throws IOException {
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int i = 0; i < 400; i++) {
      boolean sad = random.nextBoolean();
      boolean funny = random.nextBoolean();
      csv.append(sad ? "I cried a lot" : "I slept").append(funny ? " and then laughed" : "");
      csv.append(" in ").append(PLACES[random.nextInt(PLACES.length)]).append(',');
      csv.append(sad ? "sad" : "").append(sad && funny ? "|" : "").append(funny ? "funny" : "");
      csv.append('\n');
    }
    Path table = Files.writeString(temp.resolve("films.csv"), csv);
    Fitted fitted =
        graft
            .transfer(encoder(), table)
            .format("texts", Map.of("task", "multi-label"))
            .method(method)
            .seed(1)
            .fit(temp.resolve("run"));
    assertTrue(fitted.result().test().get("micro_f1") > 0.95, "" + fitted.result().test());
    Path bundle = fitted.bundle().orElseThrow().folder();
    try (Predictor predictor = graft.predictor(bundle)) {
      String both = "I cried a lot and then laughed in Rome";
      List<Prediction.Candidate> top = predictor.predictInputs(List.of(both), 2).get(0).top();
      assertTrue(top.stream().allMatch(label -> label.probability() > 0.5), "" + top);
    }
  }
}
