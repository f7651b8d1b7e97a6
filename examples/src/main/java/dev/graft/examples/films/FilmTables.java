package dev.graft.examples.films;

import dev.graft.task.LabelSets;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.DoubleStream;

/**
 * Makes two folders of tables of the files of MovieLens: {@code genres}, title and genres of each
 * film, and {@code ratings}, title and mean rating of each film that was rated often enough. Both
 * are cut into training, validation and test part, four fifths, a tenth and a tenth. What a guess
 * reaches on the test part that does not read the title is printed.
 *
 * <p>Arguments: the folder of MovieLens, and the folder to write to.
 */
public final class FilmTables {

  /** Fewer ratings make a mean that says more of who rated than of the film. */
  private static final int LEAST_RATINGS = 5;

  private static final String NO_GENRE = "(no genres listed)";

  private FilmTables() {}

  /**
   * One film.
   *
   * @param title with its year
   * @param target its genres with a bar between them, or its mean rating
   */
  record Film(String title, String target) {}

  /** A table in three parts. */
  record Parts(List<Film> train, List<Film> val, List<Film> test) {

    static Parts of(List<Film> films) {
      List<Film> order = new ArrayList<>(films);
      Collections.shuffle(order, new Random(0));
      int tenth = order.size() / 10;
      return new Parts(
          order.subList(2 * tenth, order.size()),
          order.subList(0, tenth),
          order.subList(tenth, 2 * tenth));
    }

    void write(Path folder, String column) throws IOException {
      Path made = Files.createDirectories(folder);
      Map<String, List<Film>> files = Map.of("train", train, "val", val, "test", test);
      for (Map.Entry<String, List<Film>> part : files.entrySet()) {
        StringBuilder csv = new StringBuilder("title," + column + "\n");
        for (Film film : part.getValue()) {
          csv.append('"').append(film.title.replace("\"", "\"\"")).append("\",");
          csv.append(film.target).append('\n');
        }
        Files.writeString(made.resolve(part.getKey() + ".csv"), csv);
      }
    }
  }

  /** Reads, writes and prints. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException(
          "Got %d arguments; usage: FilmTables MOVIELENS OUT".formatted(args.length));
    }
    run(Path.of(args[0]), Path.of(args[1]), System.out);
  }

  static void run(Path movieLens, Path folder, PrintStream out) throws IOException {
    Parts genres = Parts.of(genres(movieLens));
    genres.write(folder.resolve("genres"), "genres");
    for (int count = 1; count <= 3; count++) {
      double f1 = LabelSets.of(guess(genres, count), sets(genres.test, all(genres))).microF1();
      out.printf(Locale.ROOT, "genres: the %d most frequent, micro_f1 %.3f%n", count, f1);
    }
    double[][] shares = new double[genres.test.size()][];
    Arrays.fill(shares, shares(genres));
    LabelSets constant = LabelSets.of(shares, sets(genres.test, all(genres)));
    out.printf(
        Locale.ROOT,
        "genres: their shares for each film, average_precision %.3f, lrap %.3f%n",
        constant.averagePrecision(),
        constant.rankingPrecision());
    Parts ratings = Parts.of(ratings(movieLens));
    ratings.write(folder.resolve("ratings"), "rating");
    double mean = numbers(ratings.train).average().orElseThrow();
    double rmse =
        Math.sqrt(
            numbers(ratings.test).map(each -> Math.pow(each - mean, 2)).average().orElseThrow());
    double mae = numbers(ratings.test).map(each -> Math.abs(each - mean)).average().orElseThrow();
    out.printf(
        Locale.ROOT,
        "ratings: the mean %.3f for each film, rmse %.3f, mae %.3f%n",
        mean,
        rmse,
        mae);
  }

  // ---- the files of MovieLens ----

  /** Title by film: the second of three columns, in quotes where it holds a comma. */
  private static Map<String, Film> films(Path movieLens) throws IOException {
    Map<String, Film> films = new TreeMap<>();
    for (String line : lines(movieLens.resolve("movies.csv"))) {
      int first = line.indexOf(',');
      int last = line.lastIndexOf(',');
      String title = line.substring(first + 1, last);
      if (title.startsWith("\"")) {
        title = title.substring(1, title.length() - 1).replace("\"\"", "\"");
      }
      films.put(line.substring(0, first), new Film(title.strip(), line.substring(last + 1)));
    }
    return films;
  }

  private static List<Film> genres(Path movieLens) throws IOException {
    return films(movieLens).values().stream()
        .filter(film -> !film.target.equals(NO_GENRE))
        .toList();
  }

  private static List<Film> ratings(Path movieLens) throws IOException {
    Map<String, List<Double>> given = new TreeMap<>();
    for (String line : lines(movieLens.resolve("ratings.csv"))) {
      String[] fields = line.split(",");
      given.computeIfAbsent(fields[1], film -> new ArrayList<>()).add(Double.valueOf(fields[2]));
    }
    Map<String, Film> films = films(movieLens);
    List<Film> rated = new ArrayList<>();
    given.forEach(
        (film, values) -> {
          if (values.size() >= LEAST_RATINGS) {
            double mean = values.stream().mapToDouble(each -> each).average().orElseThrow();
            String target = String.format(Locale.ROOT, "%.4f", mean);
            rated.add(new Film(films.get(film).title, target));
          }
        });
    return rated;
  }

  /** All lines but the head. */
  private static List<String> lines(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    return lines.subList(1, lines.size());
  }

  // ---- guesses ----

  private static List<String> all(Parts parts) {
    TreeSet<String> names = new TreeSet<>();
    parts.train.forEach(film -> names.addAll(List.of(film.target.split("\\|"))));
    return List.copyOf(names);
  }

  private static double[][] sets(List<Film> films, List<String> names) {
    return films.stream()
        .map(film -> List.of(film.target.split("\\|")))
        .map(own -> names.stream().mapToDouble(name -> own.contains(name) ? 1 : 0).toArray())
        .toArray(double[][]::new);
  }

  /** How many of the films to learn from have each genre. */
  private static double[] shares(Parts parts) {
    double[] shares = new double[all(parts).size()];
    for (double[] row : sets(parts.train, all(parts))) {
      for (int i = 0; i < row.length; i++) {
        shares[i] += row[i] / parts.train.size();
      }
    }
    return shares;
  }

  /** The most frequent genres, the same for each film. */
  private static double[][] guess(Parts parts, int count) {
    double[] shares = shares(parts);
    double[] sorted = shares.clone();
    Arrays.sort(sorted);
    double least = sorted[Math.max(0, sorted.length - count)];
    double[] row = Arrays.stream(shares).map(each -> each >= least ? 1 : 0).toArray();
    double[][] rows = new double[parts.test.size()][];
    Arrays.fill(rows, row);
    return rows;
  }

  private static DoubleStream numbers(List<Film> films) {
    return films.stream().mapToDouble(film -> Double.parseDouble(film.target));
  }
}
