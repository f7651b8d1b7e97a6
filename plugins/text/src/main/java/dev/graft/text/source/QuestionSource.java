package dev.graft.text.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.TargetKind;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.task.sequence.AnswerSpan;
import dev.graft.text.preprocessing.TextModality;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Questions with a text and the answers that stand in it: JSON lines with {@code question}, {@code
 * context}, and {@code answer} with {@code answer_start} or {@code answers} with lists of {@code
 * text} and {@code answer_start}; or one JSON file as SQuAD has them, ending in {@code .json}. One
 * file, or a folder with {@code train} and, as far as there are any, {@code val} or {@code dev} and
 * {@code test}.
 *
 * <p>A start is counted in code points; where it is left out, the answer must occur exactly once.
 */
public final class QuestionSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "questions";

  private static final List<String> ENDINGS = List.of(".jsonl", ".ndjson", ".json");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public About about() {
    return new About(
        ID, "questions, texts and the answers in them", "Rajpurkar et al. 2016, SQuAD");
  }

  @Override
  public List<Setting> settings() {
    return List.of(BadRows.setting("questions without an answer that stands in the text"));
  }

  private static Map<String, Path> parts(Path path) throws IOException {
    return PartFiles.of(path, file -> PartFiles.endsWith(file, ENDINGS));
  }

  @Override
  public boolean recognises(Path path) throws IOException {
    Path train = parts(path).get("train");
    return train != null && hasQuestions(train);
  }

  /** True if a file begins as one of these forms does. */
  static boolean hasQuestions(Path file) throws IOException {
    if (!PartFiles.endsWith(file, ENDINGS)) {
      return false;
    }
    char[] beginning = new char[100_000];
    int length;
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      length = Math.max(0, reader.read(beginning));
    }
    String text = new String(beginning, 0, length);
    if (PartFiles.endsWith(file, List.of(".json"))) {
      return text.contains("\"paragraphs\"") && text.contains("\"context\"");
    }
    String first = text.lines().findFirst().orElse("");
    return first.contains("\"question\"")
        && first.contains("\"context\"")
        && first.contains("\"answer");
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    boolean skip = settings.checked(ID, settings()).text("bad_rows").equals("skip");
    Map<String, Path> files = parts(path);
    if (!files.containsKey("train")) {
      throw new IOException(
          "'%s' holds no questions; expected is a file that ends in one of %s, or a folder with train and test"
              .formatted(path, ENDINGS));
    }
    return new DataParts(
        TextModality.ID,
        read(files.get("train"), skip),
        optional(files.get("val"), skip),
        optional(files.get("test"), skip));
  }

  private static Optional<Dataset> optional(Path file, boolean skip) throws IOException {
    return file == null ? Optional.empty() : Optional.of(read(file, skip));
  }

  private static Dataset read(Path file, boolean skip) throws IOException {
    Found found = new Found(new ArrayList<>(), new ArrayList<>(), new BadRows());
    String content = Utf8.read(file);
    int all =
        PartFiles.endsWith(file, List.of(".json")) ? nested(content, found) : lines(content, found);
    String name = file.getFileName().toString();
    found.bad.report(name, all, skip);
    if (found.rows.isEmpty()) {
      throw new IOException("'%s' has no usable question".formatted(name));
    }
    return new TextDataset(
        name, found.rows, found.targets.toArray(double[][]::new), TargetKind.ANSWERS, List.of());
  }

  /** What a file holds. */
  private record Found(List<TextDataset.Row> rows, List<double[]> targets, BadRows bad) {

    void add(long number, JsonNode context, JsonNode question) {
      String text = context.asText("");
      String asked = question.path("question").asText("");
      if (text.isBlank() || asked.isBlank()) {
        bad.add(number, "no question or no context");
        return;
      }
      List<AnswerSpan> answers = answers(question, text);
      if (answers.isEmpty()) {
        bad.add(number, "no answer that stands in the context");
        return;
      }
      rows.add(new TextDataset.Row(number, asked, Optional.of(text)));
      targets.add(AnswerSpan.row(answers));
    }
  }

  private static int lines(String content, Found found) {
    String[] lines = content.split("\r?\n", -1);
    int count = 0;
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        count++;
        try {
          JsonNode object = JSON.readTree(lines[i]);
          found.add(i + 1, object.path("context"), object);
        } catch (JsonProcessingException e) {
          found.bad.add(i + 1, "no proper JSON");
        }
      }
    }
    return count;
  }

  /** Questions of such a file are counted; their number stands for a line. */
  private static int nested(String content, Found found) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(content);
    } catch (JsonProcessingException e) {
      throw new IOException("no proper JSON: " + e.getOriginalMessage(), e);
    }
    int count = 0;
    for (JsonNode article : root.path("data")) {
      for (JsonNode paragraph : article.path("paragraphs")) {
        for (JsonNode question : paragraph.path("qas")) {
          count++;
          found.add(count, paragraph.path("context"), question);
        }
      }
    }
    return count;
  }

  /** The answers of a question that stand where they say. */
  private static List<AnswerSpan> answers(JsonNode question, String context) {
    List<AnswerSpan> spans = new ArrayList<>();
    JsonNode answers = question.path("answers");
    if (answers.isArray()) {
      answers.forEach(each -> add(spans, context, each.path("text"), each.path("answer_start")));
    } else if (answers.isObject()) {
      JsonNode starts = answers.path("answer_start");
      for (int i = 0; i < answers.path("text").size(); i++) {
        add(spans, context, answers.path("text").path(i), starts.path(i));
      }
    } else {
      add(spans, context, question.path("answer"), question.path("answer_start"));
    }
    return spans;
  }

  private static void add(List<AnswerSpan> spans, String context, JsonNode answer, JsonNode start) {
    String text = answer.asText("");
    int at = context.indexOf(text);
    if (start.isInt()) {
      int characters = context.codePointCount(0, context.length());
      boolean inside = start.asInt() >= 0 && start.asInt() <= characters;
      at = inside ? context.offsetByCodePoints(0, start.asInt()) : -1;
    } else if (context.indexOf(text, at + 1) >= 0) {
      return; // which one is meant?
    }
    if (!text.isBlank() && at >= 0 && context.startsWith(text, at)) {
      int begin = context.codePointCount(0, at);
      spans.add(new AnswerSpan(begin, begin + text.codePointCount(0, text.length()), text));
    }
  }
}
