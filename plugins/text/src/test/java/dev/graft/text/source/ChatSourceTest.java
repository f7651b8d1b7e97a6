package dev.graft.text.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.plan.Settings;
import dev.graft.text.preprocessing.ChatTemplate;
import dev.graft.text.preprocessing.ChatTemplate.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatSourceTest {

  private static final List<Message> TALK =
      List.of(
          new Message("system", "Be brief."),
          new Message("user", "😀?"),
          new Message("assistant", "Yes."));

  @TempDir private Path temp;

  private final ChatSource source = new ChatSource();

  private static String learned(ChatTemplate.Chat chat, int answer) {
    int begin = chat.text().offsetByCodePoints(0, (int) chat.answers()[2 * answer]);
    int end = chat.text().offsetByCodePoints(0, (int) chat.answers()[2 * answer + 1]);
    return chat.text().substring(begin, end);
  }

  @Test
  void layoutsAreThoseTheyAreNamedAfter() {
    ChatTemplate.Chat chat = ChatTemplate.CHATML.chat(TALK);
    assertEquals(
        """
        <|im_start|>system
        Be brief.<|im_end|>
        <|im_start|>user
        😀?<|im_end|>
        <|im_start|>assistant
        Yes.<|im_end|>
        """,
        chat.text());
    assertEquals("Yes.<|im_end|>\n", learned(chat, 0), "an answer and what ends it");
    assertEquals(
        "[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n😀? [/INST] Yes. </s>",
        ChatTemplate.LLAMA2.chat(TALK).text());
    assertEquals(
        "Be brief.\n\n### Instruction:\n😀?\n\n### Response:\nYes. </s>\n",
        ChatTemplate.ALPACA.chat(TALK).text());
    for (String id : ChatTemplate.ids()) {
      ChatTemplate template = ChatTemplate.of(id);
      String whole = template.chat(TALK.subList(1, 3)).text();
      assertTrue(whole.startsWith(template.asked("😀?") + "Yes."), id);
      assertTrue(whole.strip().endsWith(template.end()), id);
    }
  }

  @Test
  void bothFormsAreReadAndBadOnesNamed() throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("train.jsonl"),
            """
            {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}
            {"instruction": "Add", "input": "1 2", "output": "3"}
            {"messages": [{"role": "user", "content": "Hi"}]}
            {"messages": [{"role": "robot", "content": "Hi"}]}
            """);
    assertTrue(source.recognises(file));
    String message =
        assertThrows(IOException.class, () -> source.open(file, Settings.NONE)).getMessage();
    assertTrue(message.contains("2 of 4 rows"), message);
    assertTrue(message.contains("line 3: no answer of the assistant"), message);
    assertTrue(message.contains("line 4: role 'robot' is none of"), message);
    Dataset data = source.open(file, Settings.of("bad_rows", "skip")).training();
    assertEquals(2, data.size());
    Example second = data.load(1);
    assertEquals(
        "<|im_start|>user\nAdd\n1 2<|im_end|>\n<|im_start|>assistant\n3<|im_end|>\n",
        StandardCharsets.UTF_8.decode(second.get("text").data()).toString());
    assertArrayEquals(new long[] {57, 69}, second.get("answers").toLongs());
  }
}
