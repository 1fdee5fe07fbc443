import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import { parse } from 'yaml'
import { type EmittedMetrics, readEmittedMetrics } from './operations/emitted-metrics.ts'
import { readPromql } from './operations/read-promql.ts'

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: {
    readonly x: number
    readonly y: number
    readonly w: number
    readonly h: number
  }
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[]
}

interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly schemaVersion: number
  readonly panels: readonly Panel[]
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: unknown }[]
  }
}

interface AlertRule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string }
}

const DOCS = join(__dirname, '../docs')
const GRAFANA = join(DOCS, 'grafana')
const ALERTS = join(DOCS, 'prometheus/alerts.yaml')
const dashboards: readonly Dashboard[] = readdirSync(GRAFANA).map((file) =>
  JSON.parse(readFileSync(join(GRAFANA, file), 'utf8')),
)
const { groups } = parse(readFileSync(ALERTS, 'utf8')) as {
  groups: { name: string; rules: AlertRule[] }[]
}
const rules = groups.flatMap((group) => group.rules)

/** Variables of Grafana that stand where PromQL has a duration. */
const inPrometheus = (expr: string): string => expr.replaceAll('$__rate_interval', '5m')

const expressions: [string, string][] = [
  ...dashboards.flatMap(({ title, panels }) =>
    panels.flatMap((panel) =>
      (panel.targets ?? []).map(({ expr }): [string, string] => [
        `${title}: ${panel.title}`,
        inPrometheus(expr),
      ]),
    ),
  ),
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
]

let emitted: EmittedMetrics

beforeAll(async () => {
  // The collector fails on purpose, and that is said.
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  emitted = await readEmittedMetrics()
  stderr.mockRestore()
})

describe('dashboards and alert rules', () => {
  it.each(expressions)('%s asks for metrics and labels that there are', (_, expression) => {
    const { metrics } = readPromql(expression)
    expect(metrics.length).toBeGreaterThan(0)
    // All metrics of an expression together have the labels that it compares and groups by.
    const labels = new Set(metrics.flatMap(({ name }) => [...(emitted.get(name) ?? [])]))
    expect(metrics.map(({ name }) => name).filter((name) => !emitted.has(name))).toEqual([])
    expect(metrics.flatMap((metric) => metric.labels).filter((name) => !labels.has(name))).toEqual(
      [],
    )
  })

  it('show each label of a legend', () => {
    const missing = dashboards.flatMap(({ panels }) =>
      panels.flatMap(({ targets = [] }) =>
        targets.flatMap(({ expr, legendFormat }) =>
          [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)]
            .map(([, label = '']) => label)
            .filter((label) => !readPromql(inPrometheus(expr)).metrics[0]?.labels.includes(label)),
        ),
      ),
    )
    expect(missing).toEqual([])
  })

  it.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))(
    '%s has the shape that Grafana imports',
    (_, { uid, schemaVersion, panels, templating }) => {
      expect(uid).toMatch(/^[a-z-]{1,40}$/)
      expect(schemaVersion).toBeGreaterThan(30)
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
      for (const { gridPos, type, targets } of panels) {
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
        expect(type === 'row' || (targets?.length ?? 0) > 0).toBe(true)
      }
      expect(overlaps(panels)).toEqual([])
      expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'job'])
      expect(JSON.stringify(templating)).toContain('label_values(target_info, job)')
      expect(emitted.has('target_info')).toBe(true)
    },
  )

  it('have a severity, a summary and a time that Prometheus reads', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const rule of rules) {
      expect(rule.labels.severity).toMatch(/^(critical|warning)$/)
      expect(rule.annotations.summary).toContain('$labels.job')
      expect(rule.for ?? '1m').toMatch(/^\d+m$/)
    }
  })

  it('are linked from the page that says what to watch', () => {
    const page = readFileSync(join(DOCS, 'production.md'), 'utf8')
    for (const file of readdirSync(GRAFANA)) expect(page).toContain(`(grafana/${file})`)
    expect(page).toContain('(prometheus/alerts.yaml)')
  })
})

/** The titles of panels that lie on each other. */
function overlaps(panels: readonly Panel[]): string[] {
  return panels.flatMap((one, index) =>
    panels
      .slice(index + 1)
      .filter(({ gridPos: b }) => {
        const a = one.gridPos
        return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
      })
      .map((other) => `${one.title} and ${other.title}`),
  )
}
