package dev.graft.text.token;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Byte-level pairs: {@code vocab.json} and {@code merges.txt} of GPT-2 and RoBERTa. */
public final class ByteLevel {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ByteLevel() {}

  /**
   * The {@code tokenizer.json} of a vocabulary; {@code <s>} and {@code </s>} stand around texts
   * where the vocabulary has them, as RoBERTa wants it.
   *
   * @param vocabulary content of {@code vocab.json}
   * @param merges content of {@code merges.txt}
   * @throws IOException if the vocabulary is no proper JSON
   */
  public static String json(byte[] vocabulary, String merges) throws IOException {
    Map<String, Long> ids = JSON.readValue(vocabulary, new TypeReference<>() {});
    TokenizerJson json = new TokenizerJson();
    for (String token : List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>", "<|endoftext|>")) {
      if (ids.containsKey(token)) {
        json.special(token, ids.get(token));
      }
    }
    ObjectNode model = TokenizerJson.typed("BPE");
    for (String key : List.of("dropout", "unk_token")) {
      model.putNull(key);
    }
    model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
    model.put("fuse_unk", false).put("byte_fallback", false);
    ObjectNode words = model.putObject("vocab");
    ids.forEach(words::put);
    ArrayNode pairs = model.putArray("merges");
    merges
        .lines()
        .filter(line -> !line.startsWith("#version") && !line.isBlank())
        .forEach(pairs::add);
    json.part("pre_tokenizer", bytes(false)).part("decoder", bytes(true)).part("model", model);
    if (ids.containsKey("<s>") && ids.containsKey("</s>")) {
      json.template(
          List.of("<s>", "A", "</s>"),
          List.of("<s>", "A", "</s>", "</s>", "B", "</s>"),
          Map.of("<s>", ids.get("<s>"), "</s>", ids.get("</s>")));
    } else {
      json.part("post_processor", bytes(false).put("trim_offsets", false));
    }
    return json.write();
  }

  private static ObjectNode bytes(boolean prefixSpace) {
    return TokenizerJson.typed("ByteLevel")
        .put("add_prefix_space", prefixSpace)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }
}
