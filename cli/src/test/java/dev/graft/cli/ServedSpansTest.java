package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import dev.graft.server.protocol.ModelInferResponse.InferOutputTensor;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.ModelMetadataResponse;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models that find parts of texts, served beside each other: entities, answers to questions. */
@Timeout(300)
class ServedSpansTest {

  private static final List<String> NAMES = List.of("ann", "bob", "carl", "dora", "emil", "fay");
  private static final List<String> PLACES = List.of("rome", "paris", "oslo", "berlin", "vienna");
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path temp;
  private Path base;

  @BeforeEach
  void base() {
    base = SharedFolder.require("models/bert-tiny-imdb");
  }

  private Path entities() throws IOException {
    StringBuilder words = new StringBuilder();
    for (String name : NAMES) {
      for (String place : PLACES) {
        words.append("%s\tB-person%nlives\tO%nin\tO%n%s\tB-place%n%n".formatted(name, place));
        words.append("%s\tB-place%nsuits\tO%n%s\tB-person%n%n".formatted(place, name));
      }
    }
    return Files.writeString(temp.resolve("entities.conll"), words);
  }

  private Path questions() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : NAMES) {
      for (String place : PLACES) {
        lines.append(
            "{\"question\": \"where does %s live?\", \"context\": \"%s lives in %s.\", \"answer\": \"%s\"}%n"
                .formatted(name, name, place, place));
      }
    }
    return Files.writeString(temp.resolve("questions.jsonl"), lines);
  }

  private Path fit(String name, Path data, String method) {
    Path run = temp.resolve(name);
    Ran fit =
        Ran.graft(
            "fit", "--base", base, "--data", data, "--method", method, "--changes", "--out", run);
    assertEquals(0, fit.code(), fit.err());
    return run;
  }

  private static List<JsonNode> spans(ServedProcess server, String model, List<String> texts)
      throws Exception {
    InferOutputTensor output =
        server.infer(model, texts.stream().map(ByteString::copyFromUtf8).toList()).getOutputs(0);
    assertEquals("spans", output.getName());
    List<JsonNode> spans = new ArrayList<>();
    for (ByteString text : output.getContents().getBytesContentsList()) {
      spans.add(JsonMapper.builder().build().readTree(text.toStringUtf8()));
    }
    return spans;
  }

  /** The same parts of the texts as on the command line, whatever they are worth. */
  private static void assertLikePredict(List<JsonNode> served, Path bundle, List<String> texts) {
    List<Object> words = new ArrayList<>(List.of("predict", "--json", "--bundle", bundle));
    words.addAll(texts);
    Ran predicted = Ran.graft(words.toArray());
    assertEquals(0, predicted.code(), predicted.err());
    for (int i = 0; i < texts.size(); i++) {
      JsonNode spans = predicted.json().path("predictions").get(i).path("spans");
      assertEquals(spans.size(), served.get(i).size());
      for (int k = 0; k < spans.size(); k++) {
        for (String field : List.of("label", "text", "from", "to")) {
          assertEquals(spans.get(k).get(field), served.get(i).get(k).get(field));
        }
        assertEquals(
            spans.get(k).path("probability").asDouble(),
            served.get(i).get(k).path("probability").asDouble(),
            TOLERANCE);
      }
    }
  }

  @Test
  void entitiesOverASharedBaseAndAnswersAreThoseOfTheCommandLine() throws Exception {
    Path tagger = fit("tagger", entities(), "lora:epochs=20");
    Path reader = fit("reader", questions(), "fine-tune:epochs=20");
    Path models = Files.createDirectories(temp.resolve("models"));
    Files.move(tagger.resolve("changes"), models.resolve("tagger"));
    Files.move(reader.resolve("bundle"), models.resolve("reader"));
    try (ServedProcess server =
        ServedProcess.start(
            List.of("--models", models.toString(), "--shared-base", base.toString()))) {
      ModelMetadataRequest asked = ModelMetadataRequest.newBuilder().setName("tagger").build();
      ModelMetadataResponse metadata =
          server.call(
              ServedProcess.INFERENCE,
              "ModelMetadata",
              asked,
              ModelMetadataResponse.getDefaultInstance());
      assertEquals("spans", metadata.getOutputs(0).getName());
      assertEquals("BYTES", metadata.getOutputs(0).getDatatype());

      List<String> texts = List.of("emil lives in oslo", "it rains");
      List<JsonNode> found = spans(server, "tagger", texts);
      assertLikePredict(found, tagger.resolve("bundle"), texts);
      assertEquals("emil", found.get(0).path(0).path("text").asText(), found::toString);
      assertEquals("place", found.get(0).path(1).path("label").asText(), found::toString);

      List<String> questions =
          List.of(
              "{\"question\": \"where does fay live?\", \"context\": \"fay lives in rome.\"}",
              "{\"question\": \"where does ann live?\", \"context\": \"ann lives in berlin.\"}");
      List<JsonNode> answers = spans(server, "reader", questions);
      assertLikePredict(answers, models.resolve("reader"), questions);
      assertEquals("rome", answers.get(0).path(0).path("text").asText(), answers::toString);
    }
  }
}
