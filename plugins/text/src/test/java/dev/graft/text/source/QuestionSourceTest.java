package dev.graft.text.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Dataset;
import dev.graft.plan.Settings;
import dev.graft.task.sequence.AnswerSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionSourceTest {

  @TempDir private Path temp;

  private final QuestionSource source = new QuestionSource();

  private static List<AnswerSpan> answers(Dataset data, int index) {
    return AnswerSpan.of(data.targetRow(index));
  }

  @Test
  void theFormsOfSquadAreRead() throws IOException {
    String nested =
        """
        {"version": "1.1", "data": [{"title": "t", "paragraphs": [{"context": "😀 It was 1999 then.",
          "qas": [{"id": "a", "question": "When?", "answers": [
             {"text": "1999", "answer_start": 9}, {"text": "1999 then", "answer_start": 9}]}]}]}]}
        """;
    Path file = Files.writeString(temp.resolve("train-v1.json"), nested);
    assertTrue(source.recognises(file));
    Dataset one = source.open(file, Settings.NONE).training();
    assertEquals(
        List.of(new AnswerSpan(9, 13, "1999"), new AnswerSpan(9, 18, "1999 then")),
        answers(one, 0),
        "characters are code points");
    Path flat =
        Files.writeString(
            temp.resolve("flat.jsonl"),
            "{\"question\": \"When?\", \"context\": \"In 1999.\", \"answers\": {\"text\":"
                + " [\"1999\"], \"answer_start\": [3]}}\n");
    assertTrue(source.recognises(flat));
    assertFalse(new TextTableSource().recognises(flat), "only one source reads it");
    Dataset two = source.open(flat, Settings.NONE).training();
    assertEquals(List.of(new AnswerSpan(3, 7, "1999")), answers(two, 0));
  }

  @Test
  void answersThatDoNotStandThereAreNamed() throws IOException {
    String context = "\"question\": \"Q\", \"context\": \"one two one\"";
    Path file =
        Files.writeString(
            temp.resolve("bad.jsonl"),
            """
            {%1$s, "answer": "two"}
            {%1$s, "answer": "one"}
            {%1$s, "answer": "two", "answer_start": 5}
            {%1$s, "answer": "two", "answer_start": 99}
            {"question": "Q", "answer": "two"}
            {%1$s, "answer": "one", "answer_start": 8}
            """
                .formatted(context));
    String message =
        assertThrows(IOException.class, () -> source.open(file, Settings.NONE)).getMessage();
    assertTrue(message.contains("4 of 6 rows"), message);
    assertTrue(message.contains("line 2: no answer that stands in the context"), message);
    Dataset rest = source.open(file, Settings.of("bad_rows", "skip")).training();
    assertEquals(2, rest.size());
    assertEquals(8, answers(rest, 1).get(0).begin());
  }
}
