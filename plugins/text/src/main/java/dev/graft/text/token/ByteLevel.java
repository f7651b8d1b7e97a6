package dev.graft.text.token;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Byte-level pairs: {@code vocab.json} and {@code merges.txt} of GPT-2, OPT, RoBERTa and BART. */
final class ByteLevel {

  private static final List<String> LIKE_GPT2 = List.of("gpt2", "opt");
  private static final List<String> LIKE_ROBERTA = List.of("roberta", "bart");

  private static final ObjectMapper JSON = new ObjectMapper();

  private ByteLevel() {}

  /**
   * The {@code tokenizer.json} of a vocabulary. RoBERTa and BART want {@code <s>} and {@code </s>}
   * around texts, OPT {@code </s>} in front of them, GPT-2 nothing.
   *
   * @param vocabulary content of {@code vocab.json}
   * @param merges content of {@code merges.txt}
   * @throws IOException if the vocabulary is no proper JSON or lacks what stands around texts, or
   *     texts are split in another way by this kind of tokenizer
   */
  static String json(byte[] vocabulary, String merges, Published published) throws IOException {
    Map<String, Long> ids = JSON.readValue(vocabulary, new TypeReference<>() {});
    boolean unsaid = published.kind().isEmpty() && !ids.containsKey("<s>");
    boolean likeRoberta = LIKE_ROBERTA.contains(published.kind());
    if (!unsaid && !likeRoberta && !LIKE_GPT2.contains(published.kind())) {
      throw published.refused("vocab.json and merges.txt", "GPT-2, OPT, RoBERTa and BART");
    }
    TokenizerJson json = new TokenizerJson();
    for (String token : List.of("<s>", "<pad>", "</s>", "<unk>", "<|endoftext|>")) {
      if (ids.containsKey(token)) {
        json.special(token, ids.get(token));
      }
    }
    if (ids.containsKey("<mask>")) {
      json.mask("<mask>", ids.get("<mask>"));
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
    boolean prefix = published.flag("add_prefix_space", false);
    json.part("pre_tokenizer", bytes(prefix)).part("decoder", bytes(true)).part("model", model);
    Around around =
        likeRoberta
            ? new Around(
                Optional.of(published.token("cls_token", "<s>")),
                Optional.of(published.token("sep_token", "</s>")))
            : decoding(published);
    if (around.isNothing()) {
      json.part("post_processor", bytes(false).put("trim_offsets", false));
    } else if (likeRoberta) {
      around.writeJoined(json, ids);
    } else {
      around.write(json, ids);
    }
    return json.write();
  }

  private static Around decoding(Published published) {
    boolean opt = published.isOf("opt");
    return Around.of(
        published, opt, opt ? List.of("</s>", "</s>") : List.of("<|endoftext|>", "<|endoftext|>"));
  }

  private static ObjectNode bytes(boolean prefixSpace) {
    return TokenizerJson.typed("ByteLevel")
        .put("add_prefix_space", prefixSpace)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }
}
