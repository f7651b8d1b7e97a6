package dev.graft.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Code in the documentation is code of the repository: a fenced block under {@code <!-- from: PATH
 * -->} must stand in that file, letter by letter.
 */
final class QuotedCodeTest {

  private static final Pattern QUOTE =
      Pattern.compile("<!-- from: (\\S+) -->\\n```[a-z]*\\n(.*?)```", Pattern.DOTALL);

  @TestFactory
  List<DynamicTest> quotesAreWhatTheFilesSay() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : pages()) {
      Matcher quote = QUOTE.matcher(Files.readString(page));
      while (quote.find()) {
        String file = quote.group(1);
        String code = quote.group(2);
        tests.add(
            DynamicTest.dynamicTest(
                page.getFileName() + " quotes " + file,
                () -> {
                  String source = Files.readString(SharedFolder.root().resolve(file));
                  assertTrue(source.contains(code), () -> "not in " + file + ":\n" + code);
                }));
      }
    }
    assertFalse(tests.isEmpty(), "no quote was found");
    return tests;
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    Path readme = SharedFolder.root().resolve("README.md");
    if (Files.exists(readme)) {
      pages.add(readme);
    }
    try (Stream<Path> files = Files.walk(SharedFolder.root().resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }
}
