package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.internal.Digests;
import dev.graft.server.jobs.FakeGraft;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.testkit.tiny.TinyImages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.opentest4j.TestAbortedException;

/**
 * The page in a browser. Where Chromium is missing the tests are aborted with a message, and fail
 * where the environment says {@code CI=true}.
 */
@Timeout(300)
class PageTest {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final String TOKEN = "open sesame";

  @TempDir static Path temp;
  private static Fixture fixture;
  private static ChromeDriver browser;

  @BeforeAll
  static void start() throws Exception {
    browser = browser();
    Fixture.bundle(temp.resolve("models").resolve("pictures"), 1);
    Files.createDirectories(temp.resolve("bases").resolve("base"));
    Fixture.bundle(temp.resolve("data").resolve("set").resolve("base"), 1);
    TrainingOptions training =
        TrainingOptions.of(
            temp.resolve("bases"), temp.resolve("data"), temp.resolve("jobs"), FakeGraft.command());
    fixture = new Fixture(ServerOptions.of(temp.resolve("models")).withTraining(training));
  }

  private static ChromeDriver browser() {
    if (!Files.isExecutable(CHROMIUM) || !Files.isExecutable(DRIVER)) {
      String message =
          "Chromium is absent: install it (Debian: chromium, chromium-driver) to run this test";
      if ("true".equalsIgnoreCase(System.getenv("CI"))) {
        Assertions.fail(message + " (CI=true forbids skipping it)");
      }
      throw new TestAbortedException(message);
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    return new ChromeDriver(service, options);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.quit();
    }
    if (fixture != null) {
      fixture.close();
    }
  }

  private static WebDriverWait patiently() {
    return new WebDriverWait(browser, Duration.ofSeconds(60));
  }

  private static WebElement shown(String selector) {
    return patiently()
        .until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector)));
  }

  private static void waitForText(String selector, String text) {
    boolean there =
        patiently()
            .until(
                ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(selector), text));
    assertTrue(there, text);
  }

  private static void noProblem() {
    assertEquals(
        List.of(),
        browser.manage().logs().get(LogType.BROWSER).getAll().stream()
            .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
            .map(Object::toString)
            .toList());
  }

  @Test
  void aModelIsTried() {
    browser.get(fixture.uri("/").toString());
    waitForText("#models", "pictures");
    shown("#try-words").sendKeys("x".repeat(TinyImages.SIDE * TinyImages.SIDE * 3));
    browser.findElement(By.cssSelector("#try button")).click();
    waitForText("#answer", "%");
    List<WebElement> bars = browser.findElements(By.cssSelector(".bars li"));
    assertEquals(3, bars.size());
    double sum = 0;
    for (WebElement bar : bars) {
      sum +=
          Double.parseDouble(
              bar.findElement(By.cssSelector("span:last-child")).getText().replace(" %", ""));
    }
    assertEquals(100, sum, 0.3);
    waitForText("#glance", "1");
    noProblem();
  }

  @Test
  void whatIsRefusedIsSaid() {
    browser.get(fixture.uri("/page/").toString());
    waitForText("#models", "pictures");
    shown("#try-words").sendKeys("too short");
    browser.findElement(By.cssSelector("#try button")).click();
    waitForText("#problem", "a tiny picture has");
    // The browser notes every answer that is a refusal.
    var unused = browser.manage().logs().get(LogType.BROWSER);
  }

  @Test
  void aJobIsStartedWatchedAndReported() throws Exception {
    browser.get(fixture.uri("/page/").toString());
    shown("#methods").sendKeys("slow");
    browser.findElement(By.cssSelector("#train .buttons button:last-child")).click();
    waitForText("#jobs", "RUNNING");
    Files.createFile(temp.resolve("data").resolve("set").resolve("go"));
    waitForText("#live-state", "succeeded");
    waitForText("#jobs", "SUCCEEDED");
    browser.findElement(By.xpath("//tbody[@id='jobs']//button[.='Report']")).click();
    shown("#report-frame");
    var unused =
        patiently().until(ExpectedConditions.frameToBeAvailableAndSwitchToIt("report-frame"));
    patiently().until(driver -> "tiny".equals(browser.executeScript("return document.title")));
    assertEquals("null", browser.executeScript("return self.origin"), "cut off from the page");
    browser.switchTo().defaultContent();
    noProblem();
  }

  @Test
  void aPhoneShowsAllOfIt() {
    browser.manage().window().setSize(new Dimension(390, 844));
    browser.get(fixture.uri("/page/").toString());
    waitForText("#models", "pictures");
    Object over =
        browser.executeScript(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertEquals(0L, over);
    browser.manage().window().setSize(new Dimension(1280, 900));
    noProblem();
  }

  @Test
  void aTokenIsAskedForAndUsed() throws Exception {
    byte[] digest = Digests.sha256().digest(TOKEN.getBytes(StandardCharsets.UTF_8));
    Path tokens =
        Files.writeString(
            temp.resolve("tokens"), "infer " + HexFormat.of().formatHex(digest) + "\n");
    try (Fixture guarded =
        new Fixture(ServerOptions.of(temp.resolve("models")).withTokens(tokens))) {
      browser.get(guarded.uri("/page/").toString());
      waitForText("#problem", "send a token");
      browser.findElement(By.id("token")).sendKeys(TOKEN);
      browser.findElement(By.cssSelector("#access button")).click();
      waitForText("#models", "pictures");
      assertTrue(browser.findElements(By.cssSelector("#training:not([hidden])")).isEmpty());
      var unused = browser.manage().logs().get(LogType.BROWSER);
    }
  }
}
