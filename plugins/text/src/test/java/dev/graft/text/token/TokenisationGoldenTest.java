package dev.graft.text.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.data.SideFiles;
import dev.graft.testkit.SharedFolder;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Token ids of the older reference tokenizers, on strings made to be difficult. */
class TokenisationGoldenTest {

  private static final int LONG = 100_000;

  /**
   * Cases in which the library differs from the older tokenizers: file and id, its output, and why.
   */
  private static final Map<String, long[]> KNOWN = known();

  private static Map<String, long[]> known() {
    Map<String, long[]> known = new LinkedHashMap<>();
    try (var in = TokenisationGoldenTest.class.getResourceAsStream("known-differences.tsv")) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .forEach(
              row ->
                  known.put(
                      row[0] + " " + row[1],
                      Arrays.stream(row[3].split(" ")).mapToLong(Long::parseLong).toArray()));
      return known;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is to come out: the listed output where the library is known to differ. */
  private static long[] expected(String name, int id, JsonNode reference) {
    long[] known = KNOWN.get(name + " " + id);
    return known == null ? longs(reference) : known;
  }

  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFolder.of("tokenisation").tests(TokenisationGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) throws IOException {
    String name = golden.name();
    if (name.equals("bert_uncased_pairs")) {
      return pairs(golden.json());
    }
    try (TextTokenizer tokenizer = TextTokenizer.of(json(name), LONG)) {
      return texts(golden.json(), name, tokenizer);
    }
  }

  private static GoldenOutcome texts(JsonNode json, String name, TextTokenizer tokenizer) {
    boolean special = name.startsWith("bert");
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (JsonNode each : json.get("cases")) {
      int id = each.get("id").asInt();
      long[] expected = expected(name, id, each.get("ids"));
      Tokens tokens = tokenizer.encode(each.get("text").asText(), Optional.empty(), special);
      long[] ids = tokens.ids();
      compared++;
      boolean same = Arrays.equals(expected, ids);
      if (!KNOWN.containsKey(name + " " + id)) {
        same = same && Pieces.agree(tokens, each);
      }
      if (same && each.has("decoded") && !KNOWN.containsKey(name + " " + id)) {
        same = each.get("decoded").asText().equals(tokenizer.decode(ids, false));
      }
      if (!same) {
        wrong.add(
            "%d %s: expected %s, got %s"
                .formatted(id, each.get("text"), Arrays.toString(expected), tokens));
      }
    }
    return outcome(name, compared, wrong);
  }

  private static GoldenOutcome pairs(JsonNode json) throws IOException {
    String content = json("bert_uncased");
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (JsonNode each : json.get("cases")) {
      long[] expected = expected("bert_uncased_pairs", compared, each.get("input_ids"));
      int length = each.get("max_length").asInt();
      Tokens tokens;
      try (TextTokenizer tokenizer = TextTokenizer.of(content, length)) {
        tokens = tokenizer.encode(each.get("a").asText(), Optional.of(each.get("b").asText()));
      }
      compared++;
      long[] ids = Arrays.copyOf(tokens.ids(), length);
      long[] segments = Arrays.copyOf(tokens.segments(), length);
      boolean same = KNOWN.containsKey("bert_uncased_pairs " + (compared - 1));
      same = same || Arrays.equals(longs(each.get("token_type_ids")), segments);
      if (!same || !Arrays.equals(expected, ids)) {
        wrong.add((compared - 1) + ": " + Arrays.toString(ids));
      }
    }
    return outcome("bert_uncased_pairs", compared, wrong);
  }

  private static GoldenOutcome outcome(String name, int compared, List<String> wrong) {
    long listed = KNOWN.keySet().stream().filter(key -> key.startsWith(name + " ")).count();
    return wrong.isEmpty()
        ? GoldenOutcome.passed("%d texts, %d of them as listed".formatted(compared, listed))
        : GoldenOutcome.failed(
            "%d of %d texts differ: %s"
                .formatted(wrong.size(), compared, String.join("; ", wrong)));
  }

  private static long[] longs(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  private static String json(String name) throws IOException {
    Path folder = SharedFolder.requireGolden("tokenisation");
    return switch (name) {
      case "bert_uncased" ->
          WordPiece.json(Files.readString(folder.resolve("bert-base-uncased-vocab.txt")), true);
      case "bert_cased" ->
          WordPiece.json(Files.readString(folder.resolve("bert-base-cased-vocab.txt")), false);
      case "gpt2" ->
          ByteLevel.json(
              Files.readAllBytes(folder.resolve("gpt2-vocab.json")),
              Files.readString(folder.resolve("gpt2-merges.txt")),
              Published.of(SideFiles.NONE, Map.of("model_type", "gpt2")));
      default ->
          SentencePiece.json(
              Files.readAllBytes(
                  folder.resolve(name.replaceFirst("sentencepiece_", "") + ".model")));
    };
  }
}
