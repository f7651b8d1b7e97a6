package dev.graft;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which package of the engine may know which: the table of the design, as a test. */
class ModuleTest {

  private static final List<String> PACKAGES =
      List.of(
          "layers",
          "model",
          "data",
          "weights",
          "task",
          "report",
          "plan",
          "spi",
          "registry",
          "train",
          "bundle",
          "infer");

  /** Besides {@code tensor} and {@code internal}, which all may use. */
  private static final Map<String, List<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("layers", List.of()),
          Map.entry("model", List.of("layers")),
          Map.entry("data", List.of()),
          Map.entry("weights", List.of("model", "data")),
          Map.entry("task", List.of("model", "data", "layers")),
          Map.entry("report", List.of()),
          Map.entry("plan", List.of("model", "data", "weights", "task", "layers")),
          Map.entry("spi", List.of("plan", "model", "layers", "data", "weights", "task")),
          Map.entry("registry", List.of("spi", "model")),
          Map.entry(
              "train",
              List.of(
                  "plan",
                  "model",
                  "layers",
                  "data",
                  "weights",
                  "task",
                  "spi",
                  "report",
                  "registry")),
          Map.entry("bundle", List.of("model", "plan", "weights", "data", "task", "report")),
          Map.entry(
              "infer",
              List.of(
                  "bundle",
                  "registry",
                  "spi",
                  "plan",
                  "weights",
                  "model",
                  "layers",
                  "data",
                  "task")));

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.graft");
  }

  @Test
  void enoughIsScanned() {
    assertTrue(classes.size() > 100, "only " + classes.size() + " classes were scanned");
  }

  @Test
  void packagesKnowOnlyWhatTheTableAllows() {
    for (String from : PACKAGES) {
      List<String> forbidden = new ArrayList<>(PACKAGES);
      forbidden.remove(from);
      forbidden.removeAll(ALLOWED.get(from));
      if (!forbidden.isEmpty()) {
        noClasses()
            .that()
            .resideInAPackage("dev.graft." + from + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                forbidden.stream().map(name -> "dev.graft." + name + "..").toArray(String[]::new))
            .because("the table in docs/architecture.md does not allow it")
            .check(classes);
      }
    }
  }

  @Test
  void noCycles() {
    slices().matching("dev.graft.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void onlyTheNativeModuleKnowsTheBindings() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.graft.tensor..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(classes);
  }
}
