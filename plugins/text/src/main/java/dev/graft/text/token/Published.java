package dev.graft.text.token;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.SideFiles;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a folder says about the tokenizer its older files are of: its kind, its special tokens and
 * switches. The same files mean other ids for another kind.
 */
final class Published {

  private static final String CLASS = "tokenizer_class";

  /** Names of a class that leave the kind to the network's. */
  private static final List<String> GENERAL = List.of("pretrained", "auto", "tokenizers", "");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Object> config;

  private Published(Map<String, Object> config) {
    this.config = config;
  }

  /**
   * Of a folder.
   *
   * @param config content of {@code config.json} and {@code tokenizer_config.json}, joined
   * @throws IOException if {@code special_tokens_map.json} is there and no proper JSON
   */
  static Published of(SideFiles files, Map<String, Object> config) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    Optional<byte[]> special = files.read("special_tokens_map.json");
    if (special.isPresent()) {
      all.putAll(JSON.readValue(special.get(), new TypeReference<Map<String, Object>>() {}));
    }
    all.putAll(config);
    return new Published(all);
  }

  /**
   * The kind of tokenizer, in small letters without signs, for example {@code xlmroberta}: that of
   * the class that is named, else that of the network; empty where nothing is said.
   */
  String kind() {
    String named =
        plain(config.get(CLASS)).replaceFirst("fast$", "").replaceFirst("tokenizer$", "");
    return GENERAL.contains(named) ? plain(config.get("model_type")) : named;
  }

  /** True if the network is of a type. */
  boolean isOf(String type) {
    return type.equals(plain(config.get("model_type")));
  }

  private static String plain(Object name) {
    return name instanceof String text
        ? text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "")
        : "";
  }

  /** A switch, or what holds where nothing is said. */
  boolean flag(String key, boolean otherwise) {
    return config.get(key) instanceof Boolean flag ? flag : otherwise;
  }

  /** A special token by its role, for example {@code bos_token}. */
  String token(String role, String otherwise) {
    Object value = config.get(role);
    if (value instanceof Map<?, ?> described) {
      value = described.get("content");
    }
    return value instanceof String text && !text.isEmpty() ? text : otherwise;
  }

  /** Refuses a folder whose files are not read for a kind of tokenizer. */
  IOException refused(String files, String known) {
    return new IOException(
        "%s of a tokenizer of kind '%s' (tokenizer_class '%s', model_type '%s'); these files are read for %s. Convert it to tokenizer.json, or name its kind in tokenizer_config.json"
            .formatted(files, kind(), config.get(CLASS), config.get("model_type"), known));
  }
}
