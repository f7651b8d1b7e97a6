package dev.graft.text.preprocessing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.CorruptExampleException;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.SideFiles;
import dev.graft.spi.About;
import dev.graft.spi.Modality;
import dev.graft.text.token.TextTokenizer;
import dev.graft.text.token.TokenizerFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Texts, and pairs of texts. */
public final class TextModality implements Modality {

  /** Id of this modality. */
  public static final String ID = "text";

  /** Of a tokenizer that is asked for its special tokens alone. */
  private static final int ANY_LENGTH = 512;

  /** Keys of the objects that are two texts. */
  private static final List<List<String>> PAIRS =
      List.of(
          List.of("question", "context"),
          List.of(Texts.TEXT, Texts.PAIR),
          List.of(Texts.TEXT, Texts.TARGET));

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public About about() {
    return new About(ID, "texts and pairs of texts as tokens", "Sennrich et al. 2016");
  }

  @Override
  public Preprocessing preprocessing(Map<String, Object> settings) {
    throw new IllegalArgumentException(
        "texts need a tokenizer beside the settings %s; open the folder it stands in"
            .formatted(settings));
  }

  @Override
  public Preprocessing preprocessing(Map<String, Object> settings, SideFiles files)
      throws IOException {
    Map<String, Object> config = new LinkedHashMap<>(read(files, "config.json"));
    config.putAll(read(files, "tokenizer_config.json"));
    config.putAll(settings);
    Object end = read(files, "generation_config.json").get("eos_token_id");
    if (end != null && !settings.containsKey("eos_token_id")) {
      config.put("eos_token_id", end);
    }
    TokenizerFiles tokenizers = new TokenizerFiles(files, config);
    String content = tokenizers.json();
    try (TextTokenizer tokenizer = TextTokenizer.of(content, ANY_LENGTH)) {
      requireFit(tokenizer, config);
      OptionalLong length = TextRules.number(settings, "max_length");
      return new TextPreprocessing(
          content, tokenizers.targetJson(), TextRules.of(config, length, tokenizer));
    }
  }

  private static void requireFit(TextTokenizer tokenizer, Map<String, Object> config)
      throws IOException {
    OptionalLong size = TextRules.number(config, "vocab_size");
    if (size.isPresent() && tokenizer.vocabularySize() > size.getAsLong()) {
      throw new IOException(
          "the tokenizer has %d tokens, the network's vocabulary %d; they do not belong together"
              .formatted(tokenizer.vocabularySize(), size.getAsLong()));
    }
  }

  private Map<String, Object> read(SideFiles files, String name) throws IOException {
    Optional<byte[]> content = files.read(name);
    return content.isPresent()
        ? json.readValue(content.get(), new TypeReference<Map<String, Object>>() {})
        : Map.of();
  }

  /**
   * One text in UTF-8, as it stands; a line feed at the end does not count, since files have one. A
   * JSON object with "question" and "context", or with "text" and "pair", is a pair; with "text"
   * and "target" it is a text and what is to be made of it.
   */
  @Override
  public Example decode(String id, byte[] content) throws CorruptExampleException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      String given = text.endsWith("\n") ? text.stripTrailing() : text;
      return pair(id, given).orElseGet(() -> Texts.example(id, given, Optional.empty()));
    } catch (CharacterCodingException e) {
      throw new CorruptExampleException(id, "no UTF-8; convert it first", e);
    }
  }

  private Optional<Example> pair(String id, String text) {
    if (!text.startsWith("{")) {
      return Optional.empty();
    }
    try {
      JsonNode object = json.readTree(text);
      for (List<String> keys : PAIRS) {
        JsonNode first = object.path(keys.get(0));
        JsonNode second = object.path(keys.get(1));
        if (object.size() == 2 && first.isTextual() && second.isTextual()) {
          return Optional.of(pair(id, first.asText(), keys.get(1), second.asText()));
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty(); // a text that begins like an object is a text
    }
  }

  private static Example pair(String id, String first, String key, String second) {
    return key.equals(Texts.TARGET)
        ? Texts.withTarget(Texts.example(id, first, Optional.empty()), second)
        : Texts.example(id, first, Optional.of(second));
  }

  @Override
  public Optional<byte[]> typed(String input) {
    return Optional.of(input.getBytes(StandardCharsets.UTF_8));
  }

  /** What stands between white space in the (first) text. */
  @Override
  public List<String> words(Example example) {
    return Texts.words(Texts.text(example));
  }

  /** Of a pair nothing is left out: what counts there is how the two go together. */
  @Override
  public Optional<Example> withoutWords(Example example, int from, int to) {
    String left = Texts.without(Texts.text(example), from, to);
    return left.isBlank() || Texts.pair(example).isPresent()
        ? Optional.empty()
        : Optional.of(Texts.example(example.id(), left, Optional.empty()));
  }

  @Override
  public Optional<String> html(Example example) {
    String text = escaped(Texts.text(example));
    String pair = Texts.pair(example).map(second -> "<p>" + escaped(second) + "</p>").orElse("");
    return Optional.of("<p>" + text + "</p>" + pair);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
