package dev.graft.text.preprocessing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the messages of a conversation become one text. These are layouts of our own making after
 * well-known ones; templates that come with downloaded models are programs and not evaluated.
 */
public enum ChatTemplate {
  /** A role and its words between marks. */
  CHATML {
    @Override
    String before(Message message, boolean behindSystem) {
      return "<|im_start|>" + message.role + "\n";
    }

    @Override
    String after(Message message) {
      return "<|im_end|>\n";
    }
  },
  /** What the user says between brackets, what the system says in front of it inside them. */
  LLAMA2 {
    @Override
    String before(Message message, boolean behindSystem) {
      return switch (message.role) {
        case SYSTEM -> "[INST] <<SYS>>\n";
        case USER -> behindSystem ? "" : "[INST] ";
        default -> "";
      };
    }

    @Override
    String after(Message message) {
      return switch (message.role) {
        case SYSTEM -> "\n<</SYS>>\n\n";
        case USER -> " [/INST] ";
        default -> " </s>";
      };
    }
  },
  /** Headings for the instruction and the response. */
  ALPACA {
    @Override
    String before(Message message, boolean behindSystem) {
      return switch (message.role) {
        case SYSTEM -> "";
        case USER -> "### Instruction:\n";
        default -> "### Response:\n";
      };
    }

    @Override
    String after(Message message) {
      return message.role.equals(ASSISTANT) ? " </s>\n" : "\n\n";
    }
  };

  static final String SYSTEM = "system";

  /** The role of who asks. */
  public static final String USER = "user";

  /** The role of who answers: the words that are learned. */
  public static final String ASSISTANT = "assistant";

  /** The roles there are. */
  public static final List<String> ROLES = List.of(SYSTEM, USER, ASSISTANT);

  /**
   * What somebody says.
   *
   * @param role one of {@link #ROLES}
   * @param content the words
   */
  public record Message(String role, String content) {}

  /**
   * A conversation as one text.
   *
   * @param text all of it
   * @param answers where answers and their ends stand: begin, end, begin, …, in code points
   */
  public record Chat(String text, long[] answers) {}

  /**
   * What stands in front of a message.
   *
   * @param behindSystem whether the message before it is the system's
   */
  abstract String before(Message message, boolean behindSystem);

  /** What stands behind it; of an answer it is learned too, since it ends it. */
  abstract String after(Message message);

  /** A conversation as one text. */
  public Chat chat(List<Message> messages) {
    StringBuilder text = new StringBuilder();
    List<Integer> answers = new ArrayList<>();
    boolean behindSystem = false;
    for (Message message : messages) {
      text.append(before(message, behindSystem));
      behindSystem = message.role.equals(SYSTEM);
      int begin = text.codePointCount(0, text.length());
      text.append(message.content).append(after(message));
      if (message.role.equals(ASSISTANT)) {
        answers.add(begin);
        answers.add(text.codePointCount(0, text.length()));
      }
    }
    return new Chat(text.toString(), answers.stream().mapToLong(each -> each).toArray());
  }

  /** What a model goes on with to answer a message of the user. */
  public String asked(String content) {
    String question = chat(List.of(new Message(USER, content))).text();
    return question + before(new Message(ASSISTANT, ""), false);
  }

  /** What ends an answer, without white space. */
  public String end() {
    return after(new Message(ASSISTANT, "")).strip();
  }

  /** Names as settings have them. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** The template of a name among {@link #ids}. */
  public static ChatTemplate of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
