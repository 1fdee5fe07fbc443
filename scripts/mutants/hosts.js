const at = 'packages/core/src/trust'

/** Which hosts are ours: the rules of the trust room. */
export const hosts = {
  name: 'hosts',
  suites: [
    ['packages/core/test/trust'],
    ['packages/core/test/(server|identity|client|propagation)/'],
    ['packages/clients/test/contract.test'],
  ],
  mutants: [
    {
      name: 'suffix-itself',
      breaks: '.acme.io names acme.io',
      file: `${at}/host-rules.ts`,
      find: 'name.length > suffix.length && name.endsWith(suffix)',
      put: '`.${name}`.endsWith(suffix)',
    },
    {
      name: 'suffix-without-dot',
      breaks: 'evilacme.io is below .acme.io',
      file: `${at}/host-rules.ts`,
      find: 'suffixes.push(`.${hostName(rule.slice(1))}`)',
      put: 'suffixes.push(hostName(rule.slice(1)))',
    },
    {
      name: 'rule-truthy',
      breaks: 'a rule that returns a promise says yes',
      file: `${at}/host-rules.ts`,
      find: 'return answer === true',
      put: 'return Boolean(answer)',
    },
    {
      name: 'rule-throws',
      breaks: 'a rule that throws says yes',
      file: `${at}/host-rules.ts`,
      find: '  } catch {\n    return false\n  }',
      put: '  } catch {\n    return true\n  }',
    },
    {
      name: 'nul-in-name',
      breaks: 'a name with a NUL or another dot in it matches',
      file: `${at}/host-rules.ts`,
      find: "if (hostname.length > 255 || !/^[\\w.:%[\\]-]+$/.test(hostname)) return ''",
      put: '',
    },
    {
      name: 'final-dot',
      breaks: 'a name with its final dot is another',
      file: `${at}/host-rules.ts`,
      find: "name.endsWith('.') ? name.slice(0, -1) : name\n}\n\n/** A resolver",
      put: 'name\n}\n\n/** A resolver',
    },
    {
      name: 'decimal-address',
      breaks: '134744072 is a name of one label',
      file: `${at}/host-rules.ts`,
      find: 'if (isNumber(label)) return isInternalAddress(name)',
      put: '',
    },
    {
      name: 'hex-address',
      breaks: '0x8080808 is a name of one label',
      file: `${at}/host-rules.ts`,
      find: '/^(?:\\d+|0x[\\da-f]*)$/',
      put: '/^\\d+$/',
    },
    {
      name: 'arpa',
      breaks: 'all of .arpa is internal',
      file: `${at}/host-rules.ts`,
      find: "return name.endsWith('.home.arpa')",
      put: 'return true',
    },
    {
      name: 'leading-dot',
      breaks: 'a name that begins with a dot is internal',
      file: `${at}/host-rules.ts`,
      find: "name === '' || name.startsWith('.')",
      put: "name === ''",
    },
  ],
}
