package dev.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.report.TestOutcome.ClassFigures;
import dev.graft.report.TestOutcome.Passage;
import dev.graft.report.TestOutcome.Point;
import dev.graft.report.TestOutcome.Shown;
import dev.graft.report.TestOutcome.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  private static final String EVIL = "<script>alert('x')</script>\"&";

  private static final Set<String> VOID = Set.of("meta", "img");

  private static TrainResult result(List<String> notes) {
    List<EpochRecord> history = new ArrayList<>();
    for (int epoch = 0; epoch < 4; epoch++) {
      history.add(
          new EpochRecord(
              "probe",
              epoch,
              10L * epoch,
              epoch == 0 ? Double.NaN : 1.0 / epoch,
              Map.of("accuracy", epoch == 2 ? 0.9 : 0.5, "loss", 1.5),
              0.01,
              0.5));
    }
    return new TrainResult(
        history,
        2,
        Map.of("accuracy", 0.9, "loss", 1.5),
        Map.of("accuracy", 0.75, "loss", 1.4),
        130,
        1000,
        30,
        12.3,
        notes,
        List.of(),
        true);
  }

  private static TestOutcome classes(String first, String second) {
    return TestOutcome.ofClasses(
        List.of(first, second),
        new long[][] {{2, 1}, {0, 1}},
        List.of(
            new ClassFigures(first, 1, 2.0 / 3, 0.8, 3), new ClassFigures(second, .5, 1, .67, 1)),
        List.of(
            new Shown("a/1.png", first, second, 0.9, false, "<img alt=\"\" src=\"data:,\">"),
            new Shown("b/2.png", second, second, 0.8, true, "")));
  }

  private static Report report(String name, Optional<TestOutcome> test, List<String> notes) {
    return new Report(
        new Report.Names(name, "classification", List.of(name), 7),
        result(notes),
        List.of(new Report.Measure("accuracy", true)),
        test,
        Map.of(),
        List.of(new PartCount("training", "gradients", 20, 1, List.of(10, 10))),
        new BaseCard(name, "resnet", name, name, "abc", Map.of("size", name)),
        name,
        Map.of("java", name),
        "2026-01-01T00:00:00Z");
  }

  @Test
  void isWellFormedWithEveryPart() {
    String page =
        ReportPage.render(report("flowers", Optional.of(classes("rose", "tulip")), List.of()));
    assertBalanced(page);
    for (String id :
        List.of("metrics", "course", "confusion", "classes", "examples", "data", "plan", "base")) {
      assertTrue(page.contains("<section id=\"" + id + "\">"), id);
    }
    assertTrue(page.contains("75.0 %"), "3 of 4 are right");
    assertTrue(page.contains("3 of 4 test examples right"));
    assertTrue(page.contains("The weights of phase probe, epoch 2 were kept."));
  }

  @Test
  void anotherTaskHasItsOwnFiguresAndConfusions() {
    Report one = report("flowers", Optional.of(classes("rose", "tulip")), List.of());
    TrainResult result =
        new TrainResult(
            one.result().history(),
            one.result().kept(),
            Map.of("mean/accuracy", 0.5, "colour/accuracy", 0.123),
            Map.of("mean/accuracy", 0.5, "colour/accuracy", 0.456),
            1,
            2,
            3,
            4,
            List.of(),
            List.of(),
            true);
    String page =
        ReportPage.render(
            new Report(
                one.names(),
                result,
                List.of(
                    new Report.Measure("mean/accuracy", true),
                    new Report.Measure("accuracy", true),
                    new Report.Measure("colour/accuracy", true)),
                one.test(),
                Map.of("colour", classes("red", "yellow")),
                one.parts(),
                one.base(),
                one.plan(),
                one.environment(),
                one.created()));
    assertBalanced(page);
    String section = page.substring(page.indexOf("<section id=\"task-colour\">"));
    assertTrue(section.contains("0.456") && section.contains("0.123"));
    assertTrue(section.contains("<b>red</b> taken for <b>yellow</b>: 1 of 3"), section);
    String first = page.substring(0, page.indexOf("<section id=\"task-colour\">"));
    assertTrue(first.contains("mean over the tasks") && !first.contains("colour/accuracy"));
  }

  @Test
  void nothingOfTheUsersBecomesMarkup() {
    Optional<TestOutcome> test = Optional.of(classes(EVIL, "tulip"));
    String page = ReportPage.render(report(EVIL, test, List.of(EVIL)));
    assertFalse(page.contains("<script>alert"));
    assertTrue(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"));
    assertBalanced(page);
  }

  @Test
  void aHeadThatWasSolvedAtOnceHasNoCurves() {
    Report plain = report("flowers", Optional.empty(), List.of());
    assertTrue(ReportPage.render(plain).contains("<canvas id=\"loss\""));
    EpochRecord solved =
        new EpochRecord("probe", 1, 9, 0.5, Map.of("accuracy", 0.5), Double.NaN, 1);
    TrainResult result =
        new TrainResult(
            List.of(solved), 0, Map.of(), Map.of(), 1, 2, 3, 4, List.of(), List.of(), true);
    String page =
        ReportPage.render(
            new Report(
                plain.names(),
                result,
                plain.measures(),
                plain.test(),
                plain.others(),
                plain.parts(),
                plain.base(),
                plain.plan(),
                plain.environment(),
                plain.created()));
    assertFalse(page.contains("<canvas id=\"loss\""));
    assertTrue(page.contains("probe 1"), "the table stays");
    assertFalse(page.contains("<th scope=\"col\">validation</th>"), "an empty column");
    assertTrue(ReportPage.render(plain).contains("<th scope=\"col\">validation</th>"));
  }

  @Test
  void nothingInTheDataEndsItsElement() {
    Report plain = report("flowers", Optional.empty(), List.of());
    EpochRecord evil = new EpochRecord("</script><b>", 1, 1, 0.5, Map.of("accuracy", 0.5), 0.1, 1);
    TrainResult result = result(List.of());
    TrainResult changed =
        new TrainResult(
            List.of(evil),
            0,
            result.validation(),
            result.test(),
            1,
            2,
            3,
            4,
            List.of(),
            List.of(),
            true);
    String page =
        ReportPage.render(
            new Report(
                plain.names(),
                changed,
                plain.measures(),
                plain.test(),
                plain.others(),
                plain.parts(),
                plain.base(),
                plain.plan(),
                plain.environment(),
                plain.created()));
    assertFalse(page.contains("</script><b>"));
    assertTrue(page.contains("\\u003c/script>\\u003cb>") || page.contains("\\u003c/script"));
  }

  @Test
  void asksTheNetworkForNothing() {
    String page = ReportPage.render(report("flowers", Optional.of(classes("a", "b")), List.of()));
    assertTrue(page.contains("default-src 'none'; img-src data:;"));
    assertFalse(Pattern.compile("(src|href)=\"(?!data:)").matcher(page).find());
    assertFalse(page.contains("@import"));
    assertFalse(page.contains("sourceMappingURL"));
    assertTrue(page.contains("Released under the MIT License"), "the library keeps its notice");
  }

  @Test
  void thePolicyNamesEveryScriptOfThePage() {
    String page = ReportPage.render(report("flowers", Optional.empty(), List.of()));
    Matcher scripts = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page);
    int count = 0;
    while (scripts.find()) {
      count++;
      assertTrue(page.contains(PageScripts.hash(scripts.group(1))), "script " + count);
    }
    assertEquals(2, count);
  }

  @Test
  void saysSoWhereThereIsNoTestPart() {
    String page = ReportPage.render(report("flowers", Optional.empty(), List.of()));
    assertTrue(page.contains("There was no test part"));
    assertFalse(page.contains("<section id=\"confusion\">"));
    assertBalanced(page);
  }

  @Test
  void warnsOfASmallTestPart() {
    String page = ReportPage.render(report("flowers", Optional.of(classes("a", "b")), List.of()));
    assertTrue(page.contains("with 4 test examples the accuracy is known to within"));
  }

  @Test
  void numbersHaveAScatterInsteadOfAMatrix() {
    TestOutcome outcome =
        TestOutcome.ofNumbers(
            2,
            List.of(new Point(1, 1.5), new Point(2, 2.5)),
            List.of(new Shown("row 1", "1", "1.5", Double.NaN, false, "")));
    String page = ReportPage.render(report("prices", Optional.of(outcome), List.of()));
    assertTrue(page.contains("<canvas id=\"scatter\""));
    assertTrue(page.contains("[[1.0,1.5],[2.0,2.5]]"));
    assertFalse(page.contains("<section id=\"confusion\">"));
    assertBalanced(page);
  }

  @Test
  void foundEntitiesAreMarkedWordByWord() {
    Passage passage =
        new Passage(
            "dev:7",
            List.of(
                new Word("<b>", "", ""),
                new Word("New", "place", "place"),
                new Word("York", "place", "place"),
                new Word("Bob", "", "person"),
                new Word("Eve", "person", "")));
    TestOutcome outcome =
        TestOutcome.ofLabels(
            1, List.of(new ClassFigures("place", 1, 1, 1, 1)), List.of(), List.of(passage));
    String page = ReportPage.render(report("names", Optional.of(outcome), List.of()));
    assertTrue(page.contains("&lt;b&gt; <mark class=\"right\">New York <small>place</small>"));
    assertTrue(page.contains("Bob <small>person (true: nothing)</small>"));
    assertTrue(page.contains("Eve <small>missed (true: person)</small>"));
    assertTrue(page.contains("<section id=\"classes\">"));
    assertFalse(page.contains("<section id=\"confusion\">"));
    assertBalanced(page);
  }

  @Test
  void manyClassesAreListedNotDrawn() {
    int n = 60;
    List<String> labels = new ArrayList<>();
    List<ClassFigures> figures = new ArrayList<>();
    long[][] confusion = new long[n][n];
    for (int i = 0; i < n; i++) {
      labels.add("class " + i);
      figures.add(new ClassFigures("class " + i, 1, 1, 1, 2));
      confusion[i][i] = 1;
      confusion[i][(i + 1) % n] = 1;
    }
    TestOutcome outcome = TestOutcome.ofClasses(labels, confusion, figures, List.of());
    String page = ReportPage.render(report("many", Optional.of(outcome), List.of()));
    assertFalse(page.contains("class=\"matrix\""));
    assertTrue(page.contains("<b>class 0</b> taken for <b>class 1</b>: 1 of 2"));
    assertTrue(page.contains("<summary>60 classes</summary>"));
    assertBalanced(page);
  }

  @Test
  void isTheSameInEveryLocale() {
    Report report = report("flowers", Optional.of(classes("a", "b")), List.of());
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.ROOT);
      String root = ReportPage.render(report);
      for (String tag : List.of("de", "ar-EG-u-nu-arab", "tr")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertEquals(root, ReportPage.render(report), tag);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  private static String withoutScripts(String page) {
    return page.replaceAll("(?s)(<script[^>]*>).*?(</script>)", "$1$2");
  }

  /** Every element that is opened is closed, in the reverse order. */
  private static void assertBalanced(String page) {
    String markup =
        page.replaceAll("(?s)<style>.*?</style>", "")
            .replaceAll("(?s)<script[^>]*>.*?</script>", "")
            .replace("<!DOCTYPE html>", "");
    Matcher tags = Pattern.compile("<(/?)([a-zA-Z0-9]+)[^>]*>").matcher(markup);
    Deque<String> open = new ArrayDeque<>();
    while (tags.find()) {
      String name = tags.group(2);
      if (tags.group(1).isEmpty()) {
        if (!VOID.contains(name)) {
          open.push(name);
        }
      } else {
        assertEquals(open.pop(), name, markup.substring(Math.max(0, tags.start() - 60)));
      }
    }
    assertTrue(open.isEmpty(), open.toString());
    List<String> ids = new ArrayList<>();
    Matcher id = Pattern.compile(" id=\"([^\"]*)\"").matcher(withoutScripts(page));
    while (id.find()) {
      assertFalse(ids.contains(id.group(1)), "two elements have the id " + id.group(1));
      ids.add(id.group(1));
    }
  }
}
