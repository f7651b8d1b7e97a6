package dev.graft.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private static final List<Setting> KNOWN =
      List.of(
          Setting.auto("lr", 0, 10, "rate"),
          Setting.integer("epochs", 3, 1, 9, "passes"),
          Setting.flag("refit", true, "whether"),
          Setting.text("way", Setting.AUTO, List.of("auto", "left"), "where to"),
          Setting.text("name", Setting.AUTO, List.of(), "any"));

  private static Settings checked(String key, Object value) {
    return Settings.of(key, value).checked("method", KNOWN);
  }

  private static String refusal(String key, Object value) {
    return assertThrows(IllegalArgumentException.class, () -> checked(key, value)).getMessage();
  }

  @Test
  void textsAreReadAsTheTypeOfTheSetting() {
    assertEquals(0.5, checked("lr", "0.5").number("lr"));
    assertEquals(4, checked("epochs", "4").integer("epochs"));
    assertEquals(false, checked("refit", "false").flag("refit"));
    assertEquals("0.1", checked("name", 0.1).text("name"));
  }

  @Test
  void whatIsLeftToARuleStaysSo() {
    Settings defaults = Settings.NONE.checked("method", KNOWN);
    assertEquals("auto", defaults.text("lr"));
    assertEquals(7, defaults.number("lr", 7));
    assertEquals(2, checked("lr", 2).number("lr", 7));
    assertEquals("auto", checked("lr", "auto").text("lr"));
    assertEquals("left", checked("way", "left").text("way"));
  }

  @Test
  void refusalsSayWhatIsAllowed() {
    String start = "setting 'lr' of method is '";
    String end = "'; allowed: auto, or a number from 0.0 to 10.0";
    assertEquals(start + "much" + end, refusal("lr", "much"));
    assertEquals(start + "11" + end, refusal("lr", 11));
    assertEquals(
        "setting 'epochs' of method is '0.5'; allowed: a whole number from 1 to 9",
        refusal("epochs", "0.5"));
    assertEquals(
        "setting 'refit' of method is 'yes'; allowed: true or false", refusal("refit", "yes"));
    assertEquals(
        "setting 'way' of method is 'up'; allowed: one of [auto, left]", refusal("way", "up"));
    assertEquals(
        "method has no setting [other]; it has [lr, epochs, refit, way, name]",
        refusal("other", 1));
  }
}
