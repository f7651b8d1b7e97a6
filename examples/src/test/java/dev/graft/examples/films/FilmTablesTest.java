package dev.graft.examples.films;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.DataFolder;
import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.TargetKind;
import dev.graft.registry.Registry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilmTablesTest {

  @TempDir private Path temp;

  /** Twenty films, the last without genre; film i has rating i / 4 five times, two have one. */
  private String made() throws IOException {
    StringBuilder films = new StringBuilder("movieId,title,genres\n");
    StringBuilder ratings = new StringBuilder("userId,movieId,rating,timestamp\n");
    for (int i = 1; i <= 20; i++) {
      films
          .append(i)
          .append(i == 3 ? ",\"Film \"\"3\"\", The (1999)\"," : ",Film %d,".formatted(i));
      films.append(i == 20 ? "(no genres listed)" : i < 5 ? "Drama|War" : "Drama").append('\n');
      for (int user = 0; user < (i > 18 ? 1 : 5); user++) {
        ratings.append("%d,%d,%s,0%n".formatted(user, i, i / 4.0));
      }
    }
    Files.writeString(temp.resolve("movies.csv"), films);
    Files.writeString(temp.resolve("ratings.csv"), ratings);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    FilmTables.run(temp, temp, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private DataParts opened(String table, String column, String task) throws IOException {
    return DataFolder.open(
        temp.resolve(table),
        "texts",
        Map.of("text", "title", "label", column, "task", task),
        Registry.load(FilmTables.class.getClassLoader()));
  }

  @Test
  void theTablesAreWhatTextsAreReadFrom() throws IOException {
    String printed = made();
    DataParts genres = opened("genres", "genres", "multi-label");
    Dataset train = genres.training();
    assertEquals(TargetKind.LABELS, train.targetKind());
    assertEquals(List.of("Drama", "War"), train.classes());
    assertEquals(19, train.size() + genres.validation().get().size() + genres.test().get().size());
    assertTrue(printed.contains("the 1 most frequent"), printed);
    assertTrue(Files.readString(temp.resolve("genres/train.csv")).contains("\"Film 1\",Drama|War"));
    DataParts ratings = opened("ratings", "rating", "regression");
    assertEquals(
        18,
        ratings.training().size()
            + ratings.validation().get().size()
            + ratings.test().get().size());
  }

  @Test
  void aTitleWithCommasAndQuotesStaysWhole() throws IOException {
    made();
    StringBuilder all = new StringBuilder();
    for (String part : List.of("train", "val", "test")) {
      all.append(Files.readString(temp.resolve("genres/" + part + ".csv")));
    }
    assertTrue(all.toString().contains("\"Film \"\"3\"\", The (1999)\",Drama|War\n"), "" + all);
  }
}
