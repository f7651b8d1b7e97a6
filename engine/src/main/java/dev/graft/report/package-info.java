/** Plain records of what was found, and their rendering. */
package dev.graft.report;
