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
import dev.graft.text.preprocessing.ChatTemplate;
import dev.graft.text.preprocessing.TextModality;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Conversations to learn answers from: JSON lines with {@code messages}, each with {@code role} and
 * {@code content}, or with {@code instruction}, maybe {@code input}, and {@code output}. One file,
 * or a folder with {@code train} and, as far as there are any, {@code val} or {@code dev} and
 * {@code test}. What the assistant says is learned, the rest is read.
 */
public final class ChatSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "chats";

  private static final List<String> ENDINGS = List.of(".jsonl", ".ndjson");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public About about() {
    return new About(ID, "conversations whose answers are learned", "Ouyang et al. 2022");
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("template", "chatml", ChatTemplate.ids(), "how messages become one text"),
        BadRows.setting("conversations with an unknown role or without an answer"));
  }

  private static Map<String, Path> parts(Path path) throws IOException {
    return PartFiles.of(path, file -> PartFiles.endsWith(file, ENDINGS));
  }

  @Override
  public boolean recognises(Path path) throws IOException {
    Path train = parts(path).get("train");
    return train != null && hasChats(train);
  }

  private static boolean hasChats(Path file) throws IOException {
    String first = Utf8.firstLine(file);
    return first.startsWith("{")
        && (first.contains("\"messages\"")
            || (first.contains("\"instruction\"") && first.contains("\"output\"")));
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    Settings given = settings.checked(ID, settings());
    Map<String, Path> files = parts(path);
    if (!files.containsKey("train")) {
      throw new IOException(
          "'%s' holds no conversations; expected is a file that ends in one of %s, or a folder with train and test"
              .formatted(path, ENDINGS));
    }
    return new DataParts(
        TextModality.ID,
        read(files.get("train"), given),
        optional(files.get("val"), given),
        optional(files.get("test"), given));
  }

  private static Optional<Dataset> optional(Path file, Settings given) throws IOException {
    return file == null ? Optional.empty() : Optional.of(read(file, given));
  }

  private static Dataset read(Path file, Settings given) throws IOException {
    ChatTemplate template = ChatTemplate.of(given.text("template"));
    String name = file.getFileName().toString();
    List<TextDataset.Row> rows = new ArrayList<>();
    BadRows bad = new BadRows();
    String[] lines = Utf8.read(file).split("\r?\n", -1);
    int all = 0;
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isBlank()) {
        continue;
      }
      all++;
      try {
        List<ChatTemplate.Message> messages = messages(JSON.readTree(lines[i]));
        String problem = problem(messages);
        if (problem.isEmpty()) {
          rows.add(TextDataset.Row.of(i + 1, template.chat(messages)));
        } else {
          bad.add(i + 1, problem);
        }
      } catch (JsonProcessingException e) {
        bad.add(i + 1, "no proper JSON");
      }
    }
    bad.report(name, all, given.text("bad_rows").equals("skip"));
    if (rows.isEmpty()) {
      throw new IOException("'%s' has no usable conversation".formatted(name));
    }
    return new TextDataset(name, rows, new double[rows.size()][0], TargetKind.NEXT_WORD, List.of());
  }

  private static List<ChatTemplate.Message> messages(JsonNode object) {
    List<ChatTemplate.Message> messages = new ArrayList<>();
    if (object.has("instruction")) {
      String input = object.path("input").asText("");
      String asked = object.path("instruction").asText("") + (input.isEmpty() ? "" : "\n" + input);
      messages.add(new ChatTemplate.Message(ChatTemplate.USER, asked));
      messages.add(
          new ChatTemplate.Message(ChatTemplate.ASSISTANT, object.path("output").asText("")));
    }
    for (JsonNode message : object.path("messages")) {
      messages.add(
          new ChatTemplate.Message(
              message.path("role").asText(""), message.path("content").asText("")));
    }
    return messages;
  }

  /** What is wrong with a conversation; empty: nothing. */
  private static String problem(List<ChatTemplate.Message> messages) {
    for (ChatTemplate.Message message : messages) {
      if (!ChatTemplate.ROLES.contains(message.role())) {
        return "role '%s' is none of %s".formatted(message.role(), ChatTemplate.ROLES);
      }
    }
    boolean answered =
        messages.stream()
            .anyMatch(
                each -> each.role().equals(ChatTemplate.ASSISTANT) && !each.content().isBlank());
    return answered ? "" : "no answer of the assistant";
  }
}
