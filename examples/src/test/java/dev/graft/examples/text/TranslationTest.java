package dev.graft.examples.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Base;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.infer.Predictor;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.spi.Generator;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small encoder with a decoder learns to write dates in another way, from nothing. */
class TranslationTest {

  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  @TempDir private Path temp;

  private final Graft graft = Graft.create();

  private record Date(int day, int month, int year) {

    static Date random(Random random) {
      return new Date(1 + random.nextInt(28), random.nextInt(12), 1970 + random.nextInt(30));
    }

    String spoken() {
      return "on %d %s %d".formatted(day, MONTHS.get(month), year);
    }

    String written() {
      return "%d / %02d / %02d".formatted(year, month + 1, day);
    }
  }

  private Path dates(int count) throws IOException {
    Random random = new Random(1);
    StringBuilder table = new StringBuilder("text\ttarget\n");
    for (int i = 0; i < count; i++) {
      Date date = Date.random(random);
      table.append(date.spoken()).append('\t').append(date.written()).append('\n');
    }
    return Files.writeString(temp.resolve("dates.tsv"), table);
  }

  /** A configuration without weights, and a tokenizer of whole words. */
  private Path base(String extra) throws IOException {
    TreeSet<String> words = new TreeSet<>(MONTHS);
    words.addAll(List.of("on", "/"));
    for (int i = 1; i <= 31; i++) {
      words.addAll(List.of(String.valueOf(i), "%02d".formatted(i), String.valueOf(1969 + i)));
    }
    List<String> all = new ArrayList<>(List.of("<pad>", "</s>", "<unk>"));
    all.addAll(words);
    String vocabulary =
        IntStream.range(0, all.size())
            .mapToObj(i -> "\"%s\": %d".formatted(all.get(i), i))
            .collect(Collectors.joining(", "));
    Path folder = Files.createDirectories(temp.resolve("base"));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"added_tokens": [{"id": 0, "content": "<pad>", "special": true, "single_word": false,
           "lstrip": false, "rstrip": false, "normalized": false},
          {"id": 1, "content": "</s>", "special": true, "single_word": false,
           "lstrip": false, "rstrip": false, "normalized": false}],
         "pre_tokenizer": {"type": "WhitespaceSplit"},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"Sequence": {"id": "A", "type_id": 0}},
             {"SpecialToken": {"id": "</s>", "type_id": 0}}],
           "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
           "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
         "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {%s}}}
        """
            .formatted(vocabulary));
    Files.writeString(
        folder.resolve("config.json"),
        "{%s, \"vocab_size\": %d, \"d_model\": 48}".formatted(extra, all.size()));
    return folder;
  }

  private static final String T5 =
      "\"model_type\": \"t5\", \"d_kv\": 12, \"d_ff\": 96, \"num_layers\": 1, \"num_heads\": 4,"
          + " \"dropout_rate\": 0.0";

  /** What was given, generated and true. */
  private static final Pattern SAMPLE =
      Pattern.compile(
          "given</dt><dd>(.*?)</dd><dt>generated</dt><dd><b>(.*?)</b></dd>"
              + "<dt>in truth</dt><dd>(.*?)</dd>");

  @Test
  void datesAreWrittenInAnotherWay() throws IOException {
    Fitted fitted =
        graft
            .transfer(base(T5), dates(1000))
            .format("texts", Map.of("task", "sequence-to-sequence"))
            .method("from-scratch:lr=0.005,epochs=12")
            .seed(1)
            .fit(temp.resolve("run"));
    Map<String, Double> test = fitted.result().test();
    assertTrue(test.get("exact_match") > 0.95, "" + test);
    assertTrue(test.get("perplexity") < 1.2, "" + test);
    Path bundle = fitted.bundle().orElseThrow().folder();
    // Almost everything is right, so what was generated for the report is too.
    String report = Files.readString(bundle.resolve("report.html"));
    Matcher sample = SAMPLE.matcher(report);
    assertTrue(sample.find(), "no samples");
    assertTrue(sample.group(1).startsWith("on "), sample.group());
    assertEquals(sample.group(3), sample.group(2));
    Date date = new Date(7, 10, 1984);
    try (Base base = Base.open(bundle, Map.of(), graft.registry());
        Model model = base.pretrained()) {
      Generator generator = graft.registry().all(Generator.class).iterator().next();
      String text =
          generator.generate(
              new Generator.Request(model, base.preprocessing(), date.spoken()),
              Settings.of("max_tokens", 20).checked("text", generator.settings()),
              piece -> {});
      assertEquals(date.written(), text);
    }
    try (Predictor predictor = graft.predictor(bundle)) {
      String asked = "{\"text\": \"%s\", \"target\": \"%s\"}";
      String wrong = new Date(8, 10, 1984).written();
      List<Double> surprise =
          predictor
              .predictInputs(
                  List.of(
                      asked.formatted(date.spoken(), date.written()),
                      asked.formatted(date.spoken(), wrong)),
                  1)
              .stream()
              .map(each -> each.value())
              .toList();
      assertTrue(surprise.get(0) < surprise.get(1), "" + surprise);
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> predictor.predictInputs(List.of(date.spoken()), 1))
              .getMessage();
      assertTrue(message.contains("to write one, generate"), message);
    }
  }

  @Test
  void anEncoderAloneIsRefused() throws IOException {
    Path encoder = SharedFolder.require("models/bert-tiny-imdb");
    Path data = dates(20);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    graft
                        .transfer(encoder, data)
                        .format("texts", Map.of("task", "sequence-to-sequence"))
                        .method("fine-tune")
                        .explain())
            .getMessage();
    assertTrue(message.contains("needs an encoder and a decoder"), message);
  }
}
