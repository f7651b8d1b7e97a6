package dev.graft.text.token;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.SideFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the tokenizer of a published folder: {@code tokenizer.json}, or the older files it came
 * from, which are turned into the same form.
 */
public final class TokenizerFiles {

  /** Name of the file that a bundle holds. */
  public static final String NAME = "tokenizer.json";

  /** Name of the file that a bundle holds where targets have a tokenizer of their own. */
  public static final String TARGET_NAME = "target_tokenizer.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SideFiles files;
  private final Map<String, Object> config;

  /**
   * The files beside a configuration.
   *
   * @param config content of {@code config.json} and {@code tokenizer_config.json}, joined
   */
  public TokenizerFiles(SideFiles files, Map<String, Object> config) {
    this.files = files;
    this.config = config;
  }

  /**
   * The content of a {@code tokenizer.json}.
   *
   * @throws IOException if there is no tokenizer, or a file is not as it must be; the message says
   *     which files were looked for
   */
  public String json() throws IOException {
    Optional<byte[]> whole = files.read(NAME);
    if (whole.isPresent()) {
      JsonNode root = JSON.readTree(whole.get());
      return root.path("model").isObject() ? text(NAME, whole.get()) : ScoredPairs.json(root);
    }
    Optional<byte[]> pieces = files.read("vocab.txt");
    if (pieces.isPresent() && config.containsKey("words")) {
      return WordList.json(text("vocab.txt", pieces.get()));
    }
    if (pieces.isPresent()) {
      return WordPiece.json(text("vocab.txt", pieces.get()), lowerCase());
    }
    Published published = Published.of(files, config);
    Optional<byte[]> vocabulary = files.read("vocab.json");
    Optional<byte[]> source = files.read("source.spm");
    if (vocabulary.isPresent() && source.isPresent()) {
      return SentencePiece.withIds(source.get(), ids(vocabulary.get()));
    }
    Optional<byte[]> merges = files.read("merges.txt");
    if (vocabulary.isPresent() && merges.isPresent()) {
      return ByteLevel.json(vocabulary.get(), text("merges.txt", merges.get()), published);
    }
    Optional<byte[]> shifted = files.read("sentencepiece.bpe.model");
    if (shifted.isPresent()) {
      return FairseqPieces.json(shifted.get(), published);
    }
    for (String name : new String[] {"tokenizer.model", "spiece.model", "spm.model"}) {
      Optional<byte[]> model = files.read(name);
      if (model.isPresent()) {
        return SentencePiece.json(model.get(), published);
      }
    }
    throw new IOException(
        "the base has no tokenizer: looked for tokenizer.json, vocab.txt, vocab.json with"
            + " merges.txt or source.spm, sentencepiece.bpe.model, tokenizer.model, spiece.model"
            + " and spm.model; put the published files beside the weights");
  }

  /**
   * The content of a {@code tokenizer.json} for what is to be made of a text, where it has one of
   * its own, as Marian's {@code target.spm} is; the ids are those of one vocabulary.
   *
   * @throws IOException if it is missing beside {@code source.spm}, or is not as it must be
   */
  public Optional<String> targetJson() throws IOException {
    Optional<byte[]> whole = files.read(TARGET_NAME);
    if (whole.isPresent()) {
      return Optional.of(text(TARGET_NAME, whole.get()));
    }
    Optional<byte[]> target = files.read("target.spm");
    Optional<byte[]> vocabulary = files.read("vocab.json");
    if (target.isPresent() && vocabulary.isPresent()) {
      return Optional.of(SentencePiece.withIds(target.get(), ids(vocabulary.get())));
    }
    if (files.read("source.spm").isPresent() && files.read(NAME).isEmpty()) {
      throw new IOException(
          "source.spm has no target.spm beside it, whose pieces targets are made of; put the"
              + " published file there");
    }
    return Optional.empty();
  }

  private static Map<String, Integer> ids(byte[] vocabulary) throws IOException {
    return JSON.readValue(vocabulary, new TypeReference<>() {});
  }

  private boolean lowerCase() {
    return !(config.get("do_lower_case") instanceof Boolean lower) || lower;
  }

  private static String text(String name, byte[] content) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("'%s' is no UTF-8".formatted(name), e);
    }
  }
}
